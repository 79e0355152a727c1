"""Looking at a file: the gate decides, the ledger is written and committed, and only then is anything shown."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.analysis import findings
from grace.casework import second_looks
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import access
from grace.evidence.access import Covered, Granted
from grace.evidence.decoding.port import NotDecoded, Preview

ACT = "file.look"


def look(viewer: Viewer, file_id: UUID, purpose: str, *, most_side: int = access.MOST_SIDE) -> Preview | NotDecoded:
    """A small JPEG of the file (of a video its shots, as far as they are known), or why there is none; each attempt leaves an entry, refused ones too (law, L1, L2, L4).

    Raises :class:`~grace.kernel.errors.Refused` or :class:`~grace.kernel.errors.Missing`, and the errors of vault and
    decoder. The entry is committed before a pixel is made: it may tell of a look that failed, never miss one that did not.
    """
    viewer = viewer.for_purpose(purpose)
    with transaction.atomic():
        decision = access.decide(viewer, file_id)
        ledger.record(_line(viewer, decision))
        second_looks.note_file_opened(viewer, file_id)
    if isinstance(decision, Covered):
        raise access.refusal(decision)
    return access.preview(viewer, file_id, most_side=most_side, moments=findings.shots_of(file_id))


def _line(viewer: Viewer, decision: Granted | Covered) -> Line:
    if isinstance(decision, Granted):
        subject = f"file:{decision.sha256.hex()}"
        return Line(Kind.CONSULTATION, ACT, viewer.actor, viewer.purpose, (subject,), {"profile": decision.profile})
    subject = f"file:{decision.sha256.hex() if decision.sha256 else decision.file_id}"
    return Line(Kind.CONSULTATION, ACT, viewer.actor, decision.purpose, (subject,), {"why": decision.why.value}, denied=True)
