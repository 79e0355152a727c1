"""The backlog laboratory: a unit's queue played through in advance, by several ways of choosing what is read next. Pure and seeded."""
