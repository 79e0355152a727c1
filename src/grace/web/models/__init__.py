"""Models: the register, one model with its card and history, what it computed, two side by side."""
