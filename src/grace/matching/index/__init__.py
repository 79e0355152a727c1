"""The index behind the look-up: memory-mapped segments that every process shares, derived from PostgreSQL and made anew from it."""
