"""Bulk lanes: what one sender floods the unit with, waiting behind the rest, with what its sample says of it."""
