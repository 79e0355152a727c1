"""One file: what is known of it without looking, and the one way to look."""
