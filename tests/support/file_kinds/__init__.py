"""Files of every kind that analysers tell apart, made by code, with the truth known; they show nobody and say nothing."""
