"""The register of models: signed folders (graph, passport, signatures), what state each is in, and what becomes of its numbers."""
