"""Senders: who reports, how much, how completely, and what their reports lack; every number leads to what it counts."""
