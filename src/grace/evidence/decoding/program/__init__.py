"""The decoding program: a process of its own that imports nothing of GRACE but ``sdk`` and the port's plain types."""
