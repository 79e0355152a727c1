"""What can be wrong with the machine or its settings; each says what to do."""

from __future__ import annotations

from grace.kernel.errors import GraceError, Unavailable


class WrongSetting(GraceError):  # noqa: N818 - reads as a sentence where it is raised
    """A GRACE_… variable is unknown or holds what it may not; the start stops. Never holds a secret's value."""


class NoDatabase(Unavailable):
    """PostgreSQL did not start or does not answer."""


class AlreadyRunning(GraceError):  # noqa: N818 - reads as a sentence where it is raised
    """Another ``grace up`` holds this GRACE_HOME."""
