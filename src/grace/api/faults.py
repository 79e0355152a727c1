"""What only the API refuses."""

from __future__ import annotations

from django.conf import settings

from grace.kernel.errors import GraceError


class TooLarge(GraceError):
    """The request's body is larger than GRACE_LARGEST_UPLOAD allows."""

    def __init__(self) -> None:
        most = settings.GRACE_LARGEST_UPLOAD >> 20
        super().__init__(
            f"A request may hold {most} MB at most.", remedy="Split it, or hand it in with “grace receive” on the machine itself."
        )
