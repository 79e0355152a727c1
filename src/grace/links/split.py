"""Splitting a member off: an officer says that it does not belong, with the reason; it does not come back by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid, Missing, Refused
from grace.links import members
from grace.links.members import Joined
from grace.links.models import Member

LONGEST_REASON = 2_000


def split(viewer: Viewer, group_id: UUID, referral_id: UUID, reason: str, now: datetime) -> Member:
    """Take a referral out of a group of the viewer's unit, in the caller's transaction.

    Raises ``Refused`` for a program, ``Invalid`` without a reason, ``Missing`` where it is no member.
    """
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    if not reason.strip() or len(reason) > LONGEST_REASON or "\0" in reason:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    found = Member.objects.select_for_update().filter(
        group_id=group_id, referral_id=referral_id, group__unit_id=viewer.unit_id, split_at=None
    )
    member = found.first()
    if member is None:
        raise Missing(_("This referral is no member of the group."))
    member.split_at, member.split_by_id, member.split_because = now, viewer.officer_id, reason.strip()
    member.save(update_fields=["split_at", "split_by", "split_because"])
    members.count([Joined(group_id, referral_id)], sign=-1)
    return member
