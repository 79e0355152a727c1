"""Errors, clock, ids and text: what every room stands on. No Django, no I/O."""
