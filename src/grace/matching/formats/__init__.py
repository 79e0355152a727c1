"""The forms in which hash lists travel: each a reader of streams that yields items and faults, none of which touches a table."""
