"""Hash lists and the verb that looks digests and fingerprints up in them."""
