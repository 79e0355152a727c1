"""What can go wrong with kept bytes."""

from __future__ import annotations

from grace.kernel.errors import GraceError, Unavailable


class Tampered(GraceError):
    """Kept bytes are not what was sealed: changed, cut short, or moved to another object. Never retried, always reported."""


class Lost(Tampered):
    """The bytes of an object are gone from the store while its row is there."""


class KeyAway(Unavailable):
    """The agency key that an object's row names is not at hand, or the store cannot be reached."""
