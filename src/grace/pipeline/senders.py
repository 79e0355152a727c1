"""Acts upon the logins and secrets of senders: each in one transaction with its entry in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.custody.kinds import Kind
from grace.custody.ledger import Line, record
from grace.intake import credentials
from grace.intake.models import SenderLogin, SenderSecret
from grace.kernel import clock


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret of a login as it may be shown: never its word."""

    id: UUID
    created_at: str
    expires_at: str
    state: str


@dataclass(frozen=True, slots=True)
class Login:
    """A login with its sender, its unit and how many of its secrets work."""

    row: SenderLogin
    working: int


def add_login(viewer: Viewer, name: str, sender: str, unit: Unit, kind: str = "") -> SenderLogin:
    """A new login of a sender for a unit. Raises ``Invalid``, ``Conflict`` and ``Refused``."""
    with transaction.atomic():
        login = credentials.add_login(viewer, name, sender, unit, kind)
        record(_line(viewer, "senders.login.add", login))
        return login


def add_secret(viewer: Viewer, login: SenderLogin, lasts: timedelta) -> tuple[SenderSecret, str]:
    """A new secret of a login, and its word."""
    with transaction.atomic():
        secret, word = credentials.add_secret(viewer, login, lasts)
        record(_line(viewer, "senders.secret.add", login, f"secret:{secret.id}"))
        return secret, word


def revoke_secret(viewer: Viewer, secret_id: UUID) -> SenderSecret:
    """End a secret at once. Raises ``Missing`` and ``Refused``."""
    with transaction.atomic():
        secret = credentials.revoke_secret(viewer, secret_id)
        record(_line(viewer, "senders.secret.revoke", secret.login, f"secret:{secret.id}"))
        return secret


def set_open(viewer: Viewer, login: SenderLogin, *, is_open: bool) -> SenderLogin:
    """Let a login open new reports, or no longer."""
    with transaction.atomic():
        changed = credentials.set_open(viewer, login, is_open=is_open)
        record(_line(viewer, "senders.login.open" if is_open else "senders.login.close", login))
        return changed


def logins(viewer: Viewer) -> list[Login]:
    """All logins, by name."""
    rows = credentials.logins(viewer)
    now = clock.now()
    working: dict[UUID, int] = {}
    for each in credentials.secrets_of(viewer, [row.id for row in rows]):
        if each.revoked_at is None and each.expires_at > now:
            working[each.login_id] = working.get(each.login_id, 0) + 1
    return [Login(row, working.get(row.id, 0)) for row in rows]


def secrets_of(viewer: Viewer, login: SenderLogin) -> list[Secret]:
    """The secrets of a login, the newest first."""
    now = clock.now()
    return [
        Secret(
            each.id,
            f"{each.created_at:%Y-%m-%d}",
            f"{each.expires_at:%Y-%m-%d}",
            "revoked" if each.revoked_at else "over" if each.expires_at <= now else "works",
        )
        for each in credentials.secrets_of(viewer, [login.id])
    ]


def _line(viewer: Viewer, act: str, login: SenderLogin, *subjects: str) -> Line:
    named = (f"login:{login.id}", f"sender:{login.sender_id}", f"unit:{login.unit_id}", *subjects)
    return Line(Kind.ALTERATION, act, viewer.actor, purpose=viewer.purpose, subjects=named)
