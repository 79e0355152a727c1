"""Tokens with which programs act for a unit: shown once, kept as a digest, limited in what they may and how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from grace.accounts.capabilities import LABELS, NOT_FOR_PROGRAMS, Capability
from grace.accounts.models import ApiToken, Unit
from grace.accounts.purposes import Purpose
from grace.accounts.secrets import digest_of, new_word
from grace.accounts.viewer import Viewer
from grace.kernel import clock
from grace.kernel.errors import Invalid, Missing, Refused

PREFIX = "grace_"
"""Lets secret scanners find a token that slipped into a file."""

LONGEST = timedelta(days=730)
_VALID = "SELECT id, unit_id, capabilities FROM accounts_api_token WHERE digest = %s AND revoked_at IS NULL AND expires_at > %s"


def issue(viewer: Viewer, unit: Unit, name: str, capabilities: Iterable[Capability], lasts: timedelta) -> tuple[ApiToken, str]:
    """A new token and its word, which is never shown again."""
    viewer.require(Capability.ADMINISTER)
    wanted = frozenset(capabilities)
    if not name.strip() or not wanted:
        raise Invalid(_("A token needs a name and at least one capability."))
    for capability in wanted & NOT_FOR_PROGRAMS:
        raise Invalid(_("No program may hold “%(capability)s”.") % {"capability": LABELS[capability]})
    if not timedelta(0) < lasts <= LONGEST:
        raise Invalid(_("A token lasts between one day and %(days)d days.") % {"days": LONGEST.days})
    now, word = clock.now(), PREFIX + new_word()
    token = ApiToken.objects.create(
        unit=unit,
        name=name.strip(),
        digest=digest_of(word),
        capabilities=sorted(wanted),
        created_at=now,
        created_by=viewer.actor,
        expires_at=now + lasts,
    )
    return token, word


def revoke_token(viewer: Viewer, token_id: UUID) -> ApiToken:
    """End a token at once; one that has ended already stays as it is. Raises :class:`Missing`."""
    viewer.require(Capability.ADMINISTER)
    token = ApiToken.objects.select_for_update().filter(id=token_id).first()
    if token is None:
        raise Missing(_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
    return token


def tokens(viewer: Viewer) -> list[ApiToken]:
    """All tokens that still work, the one that ends first on top."""
    viewer.require(Capability.ADMINISTER)
    return list(ApiToken.objects.select_related("unit").filter(revoked_at=None, expires_at__gt=clock.now()).order_by("expires_at"))


def viewer_of_token(word: str, purpose: str = Purpose.TRIAGE) -> Viewer:
    """The viewer that a token stands for; raises :class:`Refused` for one that is unknown, over or revoked."""
    with connection.cursor() as cursor:
        cursor.execute(_VALID, [digest_of(word), clock.now()])
        told = cursor.fetchone()
    if told is None:
        raise Refused(_("This token is not valid, or no longer."), remedy=_("Ask your administrator for a new one."))
    token, unit, capabilities = told
    return Viewer(token, unit, frozenset(map(Capability, capabilities)), purpose, "token")
