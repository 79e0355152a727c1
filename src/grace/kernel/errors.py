"""The root of GRACE's error tree: every error says what is wrong, what to do, and whether trying again helps."""

from __future__ import annotations


class GraceError(Exception):
    """An expected failure.

    ``remedy`` tells the reader what to do next; ``permanent`` is False where the same call may succeed later.
    Neither text may hold personal data: both reach logs and screens.
    """

    permanent = True
    written_down = False
    """Whether the refusal stands in the ledger already; whoever writes it there sets this, so that it is written once."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Refused(GraceError):
    """The viewer may not do this; the attempt is written to the ledger by whoever catches it."""


class Missing(GraceError):
    """No such thing, or none that this viewer may know of: the two are never told apart."""


class Conflict(GraceError):
    """The thing changed since the caller read it; read it again and decide anew."""


class Invalid(GraceError):
    """The caller's input is wrong; the message says where."""


class Unavailable(GraceError):
    """Something GRACE needs is away for now; the same call may succeed later."""

    permanent = False
