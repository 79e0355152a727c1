"""The one gate to a picture: for each file, officer and purpose, by the profile in force. Any doubt leaves it covered.

``decide`` is a pure decision; ``preview`` decides again and only then lets the decoding process make a small picture, so
no call reaches pixels past the gate, and none reaches original bytes. Writing down who looked is ``pipeline.look``'s:
look at files through it and never from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence import profile, vault
from grace.evidence.decoding import here
from grace.evidence.decoding.port import NotDecoded, Preview, Reason
from grace.evidence.models import File, Holding
from grace.evidence.profile import Profile
from grace.kernel.errors import Invalid, Missing, Refused

MOST_SIDE = 1280
SHOWN = ("image/", "video/")
"""The beginnings of the media types of which there can be a preview."""


class Why(StrEnum):
    """Why a file stays covered; the codes that the ledger keeps."""

    NO_PROFILE = "no-profile"
    NOT_HELD = "not-held"
    NO_OFFICER = "no-officer"
    NO_CAPABILITY = "no-capability"
    NO_PURPOSE = "no-purpose"


@dataclass(frozen=True, slots=True)
class Granted:
    """The viewer may see this file now, by this profile."""

    file_id: UUID
    sha256: bytes
    profile: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The file stays covered. For the ledger, not for the viewer.

    ``sha256`` is None where there is no such file; ``purpose`` is empty where what was stated is none of the list.
    """

    why: Why
    file_id: UUID
    sha256: bytes | None
    purpose: str


def decide(viewer: Viewer, file_id: UUID) -> Granted | Covered:
    """Whether the viewer, for the stated purpose, may see the file."""
    kept = File.objects.filter(id=file_id).values_list("sha256", flat=True).first()
    sha256 = bytes(kept) if kept else None
    try:
        rules = profile.in_force()
    except Invalid:
        return Covered(Why.NO_PROFILE, file_id, sha256, "")
    why = _why_not(viewer, file_id, rules)
    if why or sha256 is None:
        return Covered(why or Why.NOT_HELD, file_id, sha256, viewer.purpose if viewer.purpose in rules.purposes else "")
    return Granted(file_id, sha256, rules.code)


def refusal(covered: Covered) -> Refused | Missing:
    """What the viewer is told. A file that the unit does not hold does not exist for it."""
    if covered.why is Why.NOT_HELD:
        return Missing(_("There is no such file."))
    told = {
        Why.NO_PROFILE: (_("No file can be opened now."), _("Ask whoever administers this installation.")),
        Why.NO_OFFICER: (_("Only an officer can open a file."), _("Sign in as an officer.")),
        Why.NO_CAPABILITY: (_("You may not open files."), _("Ask whoever administers accounts in your agency.")),
        Why.NO_PURPOSE: (_("A file is opened for a stated purpose only."), _("State why you look.")),
    }
    message, remedy = told[covered.why]
    return Refused(message, remedy=remedy)


def preview(viewer: Viewer, file_id: UUID, *, most_side: int = MOST_SIDE, moments: Sequence[int] = ()) -> Preview | NotDecoded:
    """A small JPEG of the file, made anew from its pixels, or why there is none. Of a video a contact sheet, of pictures near ``moments``.

    Raises :class:`Refused` or :class:`Missing` where the gate stays closed, and the errors of vault and decoder: in each
    case nothing is shown.
    """
    decision = decide(viewer, file_id)
    if isinstance(decision, Covered):
        raise refusal(decision)
    file = File.objects.select_related("object").get(id=decision.file_id)
    if not file.media_type.startswith(SHOWN):
        return NotDecoded(Reason.FORMAT)
    decoder, side = here.decoder(), min(most_side, MOST_SIDE)
    with vault.open_row(file.object) as stream:
        return decoder.preview(stream, side) if file.media_type.startswith("image/") else decoder.contact_sheet(stream, side, moments)


def _why_not(viewer: Viewer, file_id: UUID, rules: Profile) -> Why | None:
    """The first condition that does not hold; all four are always asked, whatever else a profile may add."""
    if not Holding.objects.filter(file_id=file_id, unit_id=viewer.unit_id).exists():
        return Why.NOT_HELD
    if viewer.via != "officer":
        return Why.NO_OFFICER
    if not viewer.may(Capability.OPEN_FILES):
        return Why.NO_CAPABILITY
    return None if viewer.purpose in rules.purposes else Why.NO_PURPOSE
