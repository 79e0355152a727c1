"""A benign invented world with the truth known, for the demo, tests and benchmarks."""
