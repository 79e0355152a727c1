"""Sessions of the web: found by the digest of their key, ended in one place, limited in idle and in whole time."""

from __future__ import annotations

import hashlib
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from grace.accounts.models import Session
from grace.kernel import clock

BEGAN_KEY = "began"
SEEN_KEY = "seen"
_FRESH_SECONDS = 60
"""A session seen within this time is not written again: reading a page then costs no write."""


def digest_of_key(session_key: str) -> str:
    """What the table holds in place of the key: 160 bits of its SHA-256, in hex."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's database sessions, with the digest of the key in the table and the officer in a column."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        """The table of this room."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        try:
            return Session.objects.get(session_key=digest_of_key(self.session_key or ""), expire_date__gt=clock.now())
        except Session.DoesNotExist:
            self._session_key = None
            return None

    def exists(self, session_key: str | None) -> bool:
        """Whether a session of this key is known."""
        return Session.objects.filter(session_key=digest_of_key(session_key or "")).exists()

    def delete(self, session_key: str | None = None) -> None:
        """Forget a session; without a key, this one."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest_of_key(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for this session."""
        usual = super().create_model_instance(data)
        officer = data.get(SESSION_KEY)
        return Session(
            session_key=digest_of_key(usual.session_key),
            session_data=usual.session_data,
            expire_date=usual.expire_date,
            officer_id=UUID(officer) if officer else None,
            began_at=_moment(data.get(BEGAN_KEY)),
            seen_at=_moment(data.get(SEEN_KEY)),
        )


def begin(session: MutableMapping[str, Any]) -> None:
    """Start the two clocks of a session, at sign-in."""
    session[BEGAN_KEY] = session[SEEN_KEY] = clock.now().timestamp()


def is_over(session: MutableMapping[str, Any]) -> bool:
    """Whether the session idled or lasted too long, or never began properly."""
    began, seen = session.get(BEGAN_KEY), session.get(SEEN_KEY)
    if began is None or seen is None:
        return True
    now = clock.now().timestamp()
    return bool(now - seen > settings.GRACE_SESSION_IDLE_SECONDS or now - began > settings.GRACE_SESSION_SECONDS)


def touch(session: MutableMapping[str, Any]) -> None:
    """The officer did something; written at most once a minute."""
    now = clock.now().timestamp()
    if now - session[SEEN_KEY] > _FRESH_SECONDS:
        session[SEEN_KEY] = now


def sessions_of(officer_id: UUID) -> list[Session]:
    """The officer's sessions that are not over, the latest first."""
    return list(Session.objects.filter(officer_id=officer_id, expire_date__gt=clock.now()).order_by("-seen_at"))


def end_sessions(officer_id: UUID, *, except_key: str | None = None) -> int:
    """The one place where sessions of an officer end: all of them, or all but the one with this key. Says how many."""
    rows = Session.objects.filter(officer_id=officer_id)
    if except_key:
        rows = rows.exclude(session_key=digest_of_key(except_key))
    return rows.delete()[0]


def forget_expired() -> None:
    """Remove the rows of sessions that are over."""
    Session.objects.filter(expire_date__lte=clock.now()).delete()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, clock.now().tzinfo)
