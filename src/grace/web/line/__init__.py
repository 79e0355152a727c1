"""The line: what may lie below it, promised in two ways that are kept apart, and what the audit says of it."""
