"""The queue: what waits, in order, and why it stands where it stands."""
