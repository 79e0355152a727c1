"""What open pages ask for by themselves."""
