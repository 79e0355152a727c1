"""The viewer: who looks, for which unit, with which capabilities, and why. Every reading verb takes one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from grace.accounts.capabilities import LABELS, NEEDS_SECOND_FACTOR, Capability
from grace.accounts.models import Officer
from grace.accounts.purposes import Purpose
from grace.kernel.errors import Refused

PURPOSE_KEY = "purpose"
SECOND_FACTOR_KEY = "second_factor"
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Viewer:
    """An officer, or a program acting for a unit, in one act of looking or changing.

    ``officer_id`` is the id of the officer or, for ``via="token"``, of the token that the program showed.
    """

    officer_id: UUID
    unit_id: UUID
    capabilities: AbstractSet[Capability]
    purpose: str
    via: Literal["officer", "token", "operator"] = "officer"

    @property
    def actor(self) -> str:
        """The opaque reference that the ledger keeps."""
        return f"{self.via}:{self.officer_id}"

    def may(self, capability: Capability) -> bool:
        """Whether the viewer holds the capability."""
        return capability in self.capabilities

    def require(self, capability: Capability) -> None:
        """Raise :class:`Refused` unless the viewer holds the capability."""
        if not self.may(capability):
            raise Refused(
                _("This needs the capability “%(capability)s”.") % {"capability": LABELS[capability]},
                remedy=_("Ask whoever administers accounts in your agency."),
            )

    def for_purpose(self, purpose: str) -> Viewer:
        """The same viewer, looking for another stated purpose."""
        return replace(self, purpose=purpose)


def operator() -> Viewer:
    """Whoever runs the command line on the machine itself: administers accounts, and sees no referral of any unit."""
    return Viewer(_NOBODY, _NOBODY, frozenset({Capability.ADMINISTER}), "operation", "operator")


def usable_capabilities(officer: Officer, *, second_factor: bool) -> frozenset[Capability]:
    """What the officer may do in this session.

    Without a second factor the capabilities that need one rest; of an officer who has one and has not shown it, all do.
    """
    held = officer.held_capabilities
    if second_factor:
        return held
    if officer.is_enrolled:
        return frozenset()
    if not settings.GRACE_SECOND_FACTOR:
        return held
    return held - NEEDS_SECOND_FACTOR


def officer_of(request: HttpRequest) -> Officer:
    """The officer behind a web request; raises :class:`Refused` where nobody has signed in."""
    if not isinstance(request.user, Officer) or not request.user.is_active:
        raise Refused(_("Nobody is signed in."), remedy=_("Sign in and try again."))
    return request.user


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer behind a web request; raises :class:`Refused` where nobody has signed in."""
    officer = officer_of(request)
    return Viewer(
        officer_id=officer.id,
        unit_id=officer.unit_id,
        capabilities=usable_capabilities(officer, second_factor=SECOND_FACTOR_KEY in request.session),
        purpose=request.session.get(PURPOSE_KEY, Purpose.TRIAGE),
    )


def resting_capabilities(request: HttpRequest) -> frozenset[Capability]:
    """What the officer holds but cannot use until a second factor is shown in this session."""
    if not isinstance(request.user, Officer):
        return frozenset()
    return request.user.held_capabilities - usable_capabilities(request.user, second_factor=SECOND_FACTOR_KEY in request.session)
