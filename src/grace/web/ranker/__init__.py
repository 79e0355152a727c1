"""What was learned from outcomes, and the acts that let it order or end it."""
