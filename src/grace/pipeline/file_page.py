"""Everything that the page of one file shows, short of its picture, read as one consultation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.models import Officer
from grace.accounts.officers import colleagues
from grace.accounts.viewer import Viewer
from grace.analysis import duplicates, findings, labels
from grace.analysis.findings import Said
from grace.analysis.labels import Key as Labelled
from grace.analysis.models import Label
from grace.casework.decide import may_uncover, row_of
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.custody.ledger import EntryRow
from grace.evidence import holdings
from grace.evidence.holdings import HeldFile
from grace.kernel.errors import Missing
from grace.matching import matches
from grace.matching.holdings import Alike
from grace.matching.holdings import alike as holdings_alike
from grace.matching.look_up import Answer
from grace.matching.matches import Key
from grace.matching.weigh import Standing, standing_of
from grace.pipeline.consult import consult
from grace.pipeline.inside import Contents, Place, contents, places
from grace.pipeline.score import answers_about
from grace.referrals import naming
from grace.referrals import read as referrals
from grace.referrals.attachments import Named
from grace.referrals.models import Attachment
from grace.referrals.naming import NamedBy

MOST_HISTORY = 20


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file as the unit holds it; ``attachment`` and ``row`` are the referral through which the viewer came to it, if any.

    ``alike`` are the unit's files that look like it, ``matches`` the numbers of the matches that are kept. ``cluster`` counts the
    near-duplicates in the unit, itself among them; it is 0 for a file that is in no cluster. ``contents`` are the members of an
    archive, ``places`` where the file stands in others.
    """

    held: HeldFile
    named_by: list[NamedBy]
    attachment: Attachment | None
    row: QueueRow | None
    uncovered: bool
    standing: Standing
    answers: Sequence[Answer]
    matches: Mapping[Key, int]
    alike: Alike
    cluster: int
    contents: Contents | None
    places: list[Place]
    said: list[Said]
    labels: Mapping[Labelled, Label]
    history: list[EntryRow]
    colleagues: list[Officer]


def file_page(viewer: Viewer, file_id: UUID, referral_id: UUID | None = None, start: int = 0) -> FilePage:
    """One file that the viewer's unit holds, an archive with its members from place ``start`` on. Raises ``Missing`` for any other, and for a referral that does not name it."""
    return consult(
        viewer,
        "file.read",
        lambda: _page(viewer, file_id, referral_id, start),
        _subjects,
    )


def _subjects(found: FilePage) -> Iterator[str]:
    yield f"file:{bytes(found.held.file.sha256).hex()}"
    yield from (f"file:{each.sha256.hex()}" for each in found.alike.files)
    if found.contents:
        yield from (f"file:{bytes(each.member.file.sha256).hex()}" for each in found.contents.rows if each.member.file)
    if found.row:
        yield f"referral:{found.row.referral_id}"


def _page(viewer: Viewer, file_id: UUID, referral_id: UUID | None, start: int) -> FilePage:
    held = holdings.held(viewer, file_id)
    digests = {name: bytes(getattr(held.file, name)) for name in ("md5", "sha1", "sha256")}
    named_by = naming.naming(viewer, [file_id], digests)
    through = referral_id or (named_by[0].referral_id if named_by else None)
    if referral_id and all(each.referral_id != referral_id for each in named_by):
        raise Missing(_("This referral does not name the file."))
    row = row_of(viewer, through) if through else None
    claimed = referrals.read(viewer, through).attachments if through else []
    answers = answers_about(viewer.unit_id, [Named(file_id, file_id, "present", None, None, digests)])[file_id]
    return FilePage(
        held=held,
        named_by=named_by,
        attachment=next((each for each in claimed if each.file_id == file_id), None),
        row=row,
        uncovered=row is not None and may_uncover(viewer, row),
        standing=standing_of(answers),
        answers=answers,
        matches=matches.numbers(answers),
        alike=holdings_alike(viewer, file_id),
        cluster=duplicates.sizes(viewer, [file_id]).get(file_id, 0),
        contents=contents(viewer, file_id, start),
        places=places(viewer, file_id, {each.file_id: each.original_name or each.name or "" for each in claimed if each.file_id}),
        said=findings.of_file(file_id),
        labels=labels.of_file(viewer.unit_id, file_id),
        history=ledger.history(f"file:{digests['sha256'].hex()}", MOST_HISTORY),
        colleagues=colleagues(viewer),
    )
