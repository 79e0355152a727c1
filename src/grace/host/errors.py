"""What can be wrong with the machine or its settings; each says what to do."""

from __future__ import annotations

from grace.kernel.errors import GraceError, Unavailable


class WrongSetting(GraceError):
    """A GRACE_… variable is unknown or holds what it may not; the start stops. Never holds a secret's value."""


class NoDatabase(Unavailable):
    """PostgreSQL did not start or does not answer."""


class AlreadyRunning(GraceError):
    """Another ``grace up`` holds this GRACE_HOME."""
