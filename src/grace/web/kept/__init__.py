"""Kept searches: which there are, what hit them, and keeping, changing and forgetting them."""
