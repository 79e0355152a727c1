"""What files and texts show, beyond being known: analysers describe them, findings keep what was seen and by whom."""
