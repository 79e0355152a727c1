"""Searches that are kept, and the alerts about what hits them.

    keep ─▶ terms        intake, examination ─▶ pending ─▶ match (a batch with all searches of its unit) ─▶ hits ─▶ alerts

A referral is compared by what it holds with the terms of all searches, never by running each search.
"""
