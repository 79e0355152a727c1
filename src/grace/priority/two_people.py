"""Rules are put in force by two people: who wrote the draft last, and another who publishes it.

Where nobody else of the unit may publish, one alone may, if whoever administers accounts has said why. A program may draft and never
publishes, and is nobody's second person.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid, Refused
from grace.priority.models import OneAlone, RuleSet

LONGEST_REASON = 500
_PROGRAM = "token:"


def demand_person(viewer: Viewer) -> None:
    """Raise ``Refused`` for a program."""
    if viewer.via == "token":
        raise Refused(_("Only an officer decides."), remedy=_("A program may draft rules, but not put them in force (law, L11)."))


def demand_two(viewer: Viewer, draft: RuleSet) -> str:
    """Raise ``Refused`` where the viewer would put a draft in force that nobody else had a part in; the reason where one may, else nothing."""
    demand_person(viewer)
    if draft.edited_by != viewer.actor and not draft.edited_by.startswith(_PROGRAM):
        return ""
    if others_who_may(viewer):
        raise Refused(
            _("Whoever wrote a draft does not put it in force alone.")
            if draft.edited_by == viewer.actor
            else _("A program wrote this draft: one officer has to save it, and another to publish it."),
            remedy=_("Ask a colleague who may publish rules to review and publish it."),
        )
    alone = alone_in(viewer.unit_id)
    if alone is None:
        raise Refused(
            _("Nobody else of your unit may publish rules, and one alone may not yet."),
            remedy=_("Whoever administers accounts gives a second officer the capability, or says why one alone may publish."),
        )
    return alone.reason


def others_who_may(viewer: Viewer) -> bool:
    """Whether anybody else of the viewer's unit may publish rules."""
    may = Officer.objects.filter(unit_id=viewer.unit_id, is_active=True, capabilities__contains=[str(Capability.PUBLISH_RULES)])
    return may.exclude(id=viewer.officer_id).exists()


def alone_in(unit_id: UUID) -> OneAlone | None:
    """What was said for the unit."""
    return OneAlone.objects.filter(unit_id=unit_id).first()


def allow_one(viewer: Viewer, reason: str, now: datetime) -> OneAlone:
    """Let one person publish alone while nobody else of the viewer's unit may. Raises ``Invalid`` without a reason."""
    viewer.require(Capability.ADMINISTER)
    demand_person(viewer)
    told = {"reason": checked_reason(reason), "set_by": viewer.actor, "set_at": now}
    return OneAlone.objects.update_or_create(unit_id=viewer.unit_id, defaults=told)[0]


def demand_two_again(viewer: Viewer) -> bool:
    """Take that back; whether there was anything to take back."""
    viewer.require(Capability.ADMINISTER)
    demand_person(viewer)
    return OneAlone.objects.filter(unit_id=viewer.unit_id).delete()[0] > 0


def checked_reason(reason: str) -> str:
    """A reason as it is kept: one line. Raises ``Invalid``."""
    if not reason.strip() or not reason.isprintable() or len(reason) > LONGEST_REASON:
        raise Invalid(
            _("This act needs a reason: one line of at most %(most)d characters.") % {"most": LONGEST_REASON},
            remedy=_("Say in a few words why."),
        )
    return reason.strip()
