"""Template tags of the web."""
