"""The command grace, one file per group of verbs."""
