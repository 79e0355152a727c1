"""The formats that come with GRACE: one folder each, found by entry point like any other."""
