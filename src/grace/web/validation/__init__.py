"""Validations of this installation that were kept for the unit: the list, one as text, and the signed file."""
