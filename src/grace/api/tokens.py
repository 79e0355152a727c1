"""Who asks: a program with a token of its unit, or an officer with the session of the web."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from grace.accounts.models import Officer
from grace.accounts.purposes import Purpose, purposes_for
from grace.accounts.tokens import viewer_of_token
from grace.accounts.viewer import Viewer, viewer_of
from grace.kernel.errors import Invalid, Refused

PURPOSE_HEADER = "X-Grace-Purpose"


class Token(HttpBearer):
    """A token in the Authorization header."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        """The viewer that the token stands for, None for a token that is not valid."""
        purpose = purpose_of(request)
        try:
            asking = viewer_of_token(token, purpose)
        except Refused:
            return None
        if purpose not in purposes_for(asking.capabilities):
            raise Refused("This purpose is not open to this token.", remedy=f"{PURPOSE_HEADER}: audit needs the capability to audit.")
        return asking


class OfficerSession(APIKeyCookie):
    """The session of an officer who signed in to the web; changes need the CSRF token too."""

    def __init__(self) -> None:
        self.param_name = settings.SESSION_COOKIE_NAME
        super().__init__()

    def __call__(self, request: HttpRequest) -> Viewer | None:
        """The viewer of the session, None where nobody is signed in; only a session can be misused from another site."""
        if not isinstance(getattr(request, "user", None), Officer):
            return None
        found: Viewer | None = super().__call__(request)
        return found

    def authenticate(self, request: HttpRequest, key: str | None) -> Viewer | None:
        """The viewer; what an officer holds rests until the second factor was shown, as on the pages."""
        del key
        try:
            return viewer_of(request)
        except Refused:
            return None


def purpose_of(request: HttpRequest) -> str:
    """The stated purpose, triage where none is; raises ``Invalid`` for one that is not on the list."""
    purpose = request.headers.get(PURPOSE_HEADER, Purpose.TRIAGE.value)
    if purpose not in set(Purpose):
        raise Invalid("There is no such purpose.", remedy=f"{PURPOSE_HEADER}: one of {', '.join(Purpose)}.")
    return purpose


def viewer(request: HttpRequest) -> Viewer:
    """The viewer behind a request that was let in."""
    asking: Any = getattr(request, "auth", None)
    if not isinstance(asking, Viewer):
        raise Refused("This needs a valid token.")
    return asking
