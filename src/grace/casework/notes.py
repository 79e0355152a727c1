"""Notes that officers write about a referral."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import second_looks
from grace.casework.decide import row_of
from grace.casework.models import Note
from grace.kernel.errors import Invalid

LONGEST = 10_000


def write(viewer: Viewer, referral_id: UUID, text: str, now: datetime) -> Note:
    """Add a note to a referral of the viewer's unit."""
    viewer.require(Capability.DECIDE)
    row_of(viewer, referral_id)
    if not text.strip() or len(text) > LONGEST or "\0" in text:
        raise Invalid(_("A note has 1 to %(most)d characters.") % {"most": LONGEST})
    return Note.objects.create(referral_id=referral_id, officer_id=viewer.officer_id, text=text.strip(), written_at=now)


def of(viewer: Viewer, referral_id: UUID) -> list[Note]:
    """All notes on a referral of the viewer's unit, newest first; of a second look, only the viewer's own."""
    row_of(viewer, referral_id)
    found = Note.objects.filter(referral_id=referral_id).select_related("officer").order_by("-written_at")
    return list(found.filter(officer_id=viewer.officer_id) if second_looks.open_of(viewer, referral_id) else found)
