"""Hash lists: which serve the unit, and loading and taking out."""
