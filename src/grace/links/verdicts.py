"""What officers say of a pair of referrals: that they do not belong together, or that they do; with the reason, and revocable."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.links.models import Verdict
from grace.links.split import LONGEST_REASON
from grace.referrals.read import of_unit


def judge(viewer: Viewer, pair: tuple[UUID, UUID], says: str, reason: str, now: datetime) -> Verdict:
    """Write what an officer says of two referrals of the viewer's unit, in the caller's transaction.

    Raises ``Refused`` for a program, ``Invalid`` without a reason or for one referral alone, ``Missing`` for one of another unit,
    ``Conflict`` where the same stands already, or where there is nothing to withdraw.
    """
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    one, other = sorted(pair)
    if says not in Verdict.Says.values or one == other:
        raise Invalid(_("There is no such act."), remedy=_("Cut, confirm or withdraw."))
    if len(of_unit(viewer, [one, other])) < len(pair):
        raise Missing(_("There is no such referral."))
    present = standing(one, other)
    if says == (present.says if present else Verdict.Says.WITHDRAWN):
        raise Conflict(_("This is said already."), remedy=_("Read the links again."))
    return Verdict.objects.create(
        unit_id=viewer.unit_id, one_id=one, other_id=other, says=says, reason=reason.strip(), officer_id=viewer.officer_id, at=now
    )


def standing(one: UUID, other: UUID) -> Verdict | None:
    """What stands of a pair, the smaller first; None where nobody ever said anything."""
    return Verdict.objects.select_related("officer").filter(one_id=one, other_id=other).order_by("-id").first()
