"""One cluster: the unit's files that look alike, as covered tiles."""
