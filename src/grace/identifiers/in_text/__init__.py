"""Finding identifiers in running text, one file per kind: a pattern that proposes, a check that decides, words as data."""
