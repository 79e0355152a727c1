"""One match: two fingerprints beside each other and what is known of the entry, never a picture."""
