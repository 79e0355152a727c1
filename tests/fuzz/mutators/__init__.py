"""Changes that keep a document's outer shape: bytes alone would hardly ever get past the syntax to what stands behind it."""
