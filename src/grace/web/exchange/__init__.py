"""What other agencies hand to us, and what became of what we handed over."""
