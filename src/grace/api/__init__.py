"""The documented way in and out for other programs."""
