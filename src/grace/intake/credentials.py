"""Under which name and with which secret a sender reports, and to which unit.

A login stands for one sender at one unit and has any number of secrets, so that a sender can bring in a new one before the
old one ends. A secret has 256 random bits: it is shown once, and a plain digest of it is kept.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.secrets import digest_of, keyed_digest, new_word
from grace.accounts.throttle import Counted, Limit, by_address
from grace.accounts.viewer import Viewer
from grace.intake import senders
from grace.intake.models import Sender, SenderLogin, SenderSecret
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.kernel.text import LONGEST_KEY

PREFIX = "gracesend_"
"""Lets secret scanners find a secret that slipped into a file."""
LONGEST = timedelta(days=730)
MOST_SECRETS = 5
"""Secrets of one login that work at the same time."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_MINUTE = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)
_WRONG = Limit(10, _QUARTER, _QUARTER)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who hands in: a sender, by one login and one of its secrets, for one unit."""

    login_id: UUID
    login: str
    secret_id: UUID
    sender_id: UUID
    sender: str
    unit_id: UUID
    may_submit: bool

    @property
    def actor(self) -> str:
        """The opaque reference that the ledger keeps."""
        return f"sender:{self.sender_id}"


def caller_of(login: str, secret: str) -> Caller | None:
    """The caller behind a login and a secret that works now; None for any other pair."""
    digest, now = digest_of(secret), clock.now()
    row = SenderSecret.objects.select_related("login__sender").filter(digest=digest, revoked_at=None, expires_at__gt=now).first()
    if row is None or not hmac.compare_digest(row.login.name.encode(), login.encode()):
        return None
    at = row.login
    return Caller(at.id, at.name, row.id, at.sender_id, at.sender.name, at.unit_id, at.closed_at is None)


def wrong_attempts(login: str, address: str) -> tuple[Counted, Counted]:
    """What failed attempts are counted by: the name from this address, and the address."""
    return Counted("report-login:" + keyed_digest(f"{login}\x00{address}"), _WRONG), by_address(address)


def requests_of(caller: Caller) -> Counted:
    """What the requests of a login are counted by."""
    return Counted(f"report-requests:{caller.login_id}", Limit(settings.GRACE_MOST_REPORT_REQUESTS, _MINUTE, _MINUTE))


def add_login(viewer: Viewer, name: str, sender: str, unit: Unit, kind: str = "") -> SenderLogin:
    """A new login of a sender, made where it is new, for a unit. Raises :class:`Invalid` and :class:`Conflict`."""
    viewer.require(Capability.ADMINISTER)
    if not _NAME.fullmatch(name):
        raise Invalid(_("A login has 1 to 64 lower-case letters, digits, dots and hyphens."))
    if not sender.strip() or len(sender) > LONGEST_KEY or not sender.isprintable():
        raise Invalid(_("A sender needs a name of one line, %(most)d characters at most.") % {"most": LONGEST_KEY})
    if kind and kind not in Sender.SenderKind.values:
        raise Invalid(_("There is no such kind of sender."), remedy=_("Known are: %(all)s.") % {"all": ", ".join(Sender.SenderKind.values)})
    if SenderLogin.objects.filter(name=name).exists():
        raise Conflict(_("There is a login of this name already."), remedy=_("Give it another secret, or choose another name."))
    sender_id = senders.named([sender.strip()])[sender.strip()]
    if kind:
        Sender.objects.filter(id=sender_id).update(kind=kind)
    return SenderLogin.objects.create(name=name, sender_id=sender_id, unit=unit, created_at=clock.now(), created_by=viewer.actor)


def add_secret(viewer: Viewer, login: SenderLogin, lasts: timedelta) -> tuple[SenderSecret, str]:
    """A new secret of a login and its word, which is never shown again."""
    viewer.require(Capability.ADMINISTER)
    if not timedelta(0) < lasts <= LONGEST:
        raise Invalid(_("A secret lasts between one day and %(days)d days.") % {"days": LONGEST.days})
    now, word = clock.now(), PREFIX + new_word()
    if SenderSecret.objects.filter(login=login, revoked_at=None, expires_at__gt=now).count() >= MOST_SECRETS:
        raise Conflict(
            _("%(most)d secrets of this login work already.") % {"most": MOST_SECRETS}, remedy=_("Revoke those that are no longer used.")
        )
    row = SenderSecret.objects.create(login=login, digest=digest_of(word), created_at=now, created_by=viewer.actor, expires_at=now + lasts)
    return row, word


def revoke_secret(viewer: Viewer, secret_id: UUID) -> SenderSecret:
    """End a secret at once; one that has ended already stays as it is. Raises :class:`Missing`."""
    viewer.require(Capability.ADMINISTER)
    row = SenderSecret.objects.select_for_update(of=("self",)).select_related("login").filter(id=secret_id).first()
    if row is None:
        raise Missing(_("There is no such secret."))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
    return row


def set_open(viewer: Viewer, login: SenderLogin, *, is_open: bool) -> SenderLogin:
    """Let a login open new reports, or no longer; reports that are open already can be finished either way."""
    viewer.require(Capability.ADMINISTER)
    login.closed_at = None if is_open else login.closed_at or clock.now()
    login.save(update_fields=["closed_at"])
    return login


def login_named(name: str) -> SenderLogin:
    """The login of this name. Raises :class:`Missing`."""
    found = SenderLogin.objects.select_related("sender", "unit").filter(name=name).first()
    if found is None:
        raise Missing(_("There is no such login."), remedy=_("grace senders list shows all."))
    return found


def logins(viewer: Viewer) -> list[SenderLogin]:
    """All logins with their senders and units, by name."""
    viewer.require(Capability.ADMINISTER)
    return list(SenderLogin.objects.select_related("sender", "unit").order_by("name"))


def secrets_of(viewer: Viewer, login_ids: Iterable[UUID]) -> list[SenderSecret]:
    """The secrets of these logins, the newest first; never what was shown."""
    viewer.require(Capability.ADMINISTER)
    return list(SenderSecret.objects.filter(login_id__in=list(login_ids)).order_by("-created_at"))


@dataclass(frozen=True, slots=True)
class Key:
    """Something by which a sender comes in, as an officer may see it: its way, its name, until when it works (None: it does not)."""

    way: str
    name: str
    expires_at: datetime | None


def keys_of(viewer: Viewer, sender_id: UUID) -> list[Key]:
    """The logins of a sender at the viewer's unit, each until its last working secret ends; never a secret."""
    viewer.require(Capability.READ)
    now = clock.now()
    works = Q(secrets__revoked_at=None, secrets__expires_at__gt=now)
    found = SenderLogin.objects.filter(sender_id=sender_id, unit_id=viewer.unit_id).order_by("name")
    return [Key("ispws", row.name, row.until) for row in found.annotate(until=Max("secrets__expires_at", filter=works))]
