"""The directory of agencies: our card, theirs, and the two persons who enrol them."""
