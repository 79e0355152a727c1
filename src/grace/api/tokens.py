"""Who asks: a program with a token of its unit, or an officer with the session of the web."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from grace.accounts.tokens import viewer_of_token
from grace.accounts.viewer import Viewer, viewer_of
from grace.kernel.errors import Invalid, Refused

PURPOSE_HEADER = "X-Grace-Purpose"
_PURPOSES = ("triage", "investigation", "quality", "audit")


class Token(HttpBearer):
    """A token in the Authorization header."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        """The viewer that the token stands for, None for a token that is not valid."""
        try:
            return viewer_of_token(token, purpose_of(request))
        except Refused:
            return None


class OfficerSession(APIKeyCookie):
    """The session of an officer who signed in to the web; changes need the CSRF token too."""

    param_name = "session"

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        """The viewer of the session, None where nobody is signed in."""
        del key
        try:
            return viewer_of(request)
        except Refused:
            return None


def purpose_of(request: HttpRequest) -> str:
    """The stated purpose, triage where none is; raises ``Invalid`` for one that is not on the list."""
    purpose = request.headers.get(PURPOSE_HEADER, _PURPOSES[0])
    if purpose not in _PURPOSES:
        raise Invalid("There is no such purpose.", remedy=f"{PURPOSE_HEADER}: one of {', '.join(_PURPOSES)}.")
    return purpose


def viewer(request: HttpRequest) -> Viewer:
    """The viewer behind a request that was let in."""
    asking: Any = getattr(request, "auth", None)
    if not isinstance(asking, Viewer):
        raise Refused("This needs a valid token.")
    return asking
