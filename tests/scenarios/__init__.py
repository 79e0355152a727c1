"""The acceptance list: each scenario from end to end."""
