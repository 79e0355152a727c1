"""Handing a referral over: to whom, what of it, under which conditions, and what leaves."""
