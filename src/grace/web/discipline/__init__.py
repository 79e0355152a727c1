"""Order and pace: what the unit states of its work, what stays unread at its pace, what waits too long, and what second looks show."""
