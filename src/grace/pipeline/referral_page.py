"""Everything that the page of one referral shows, read as one consultation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.models import Officer
from grace.accounts.officers import colleagues
from grace.accounts.viewer import Viewer
from grace.analysis import duplicates, findings, labels, texts
from grace.analysis.findings import Said
from grace.analysis.models import Label
from grace.casework import places, queue, second_looks
from grace.casework.decide import decisions_of, may_uncover, row_of
from grace.casework.models import Decision, Note, QueueRow
from grace.casework.notes import of as notes_of
from grace.casework.queue import Count
from grace.custody.ledger import EntryRow
from grace.kernel.errors import Missing
from grace.links import read as links
from grace.links.read import Membership
from grace.matching import matches
from grace.matching.look_up import Answer
from grace.matching.matches import Key
from grace.matching.weigh import Standing, standing_of
from grace.pipeline.audit import history_of
from grace.pipeline.consult import consult
from grace.pipeline.hand_over_page import Exchanged, exchanged
from grace.pipeline.inside import Tile, tiles
from grace.pipeline.score import answers_about
from grace.pipeline.second_looks import as_new
from grace.pipeline.what_if import WhatIf, what_if
from grace.priority.changed import Changed, changed
from grace.priority.models import Assessment
from grace.priority.rankers import learned
from grace.priority.shapes import Given
from grace.referrals import contradictions, find
from grace.referrals import read as referrals
from grace.referrals.attachments import REPORT, Named
from grace.referrals.models import Attachment, Version
from grace.referrals.read import Told
from grace.routing.concerned import Concerned, concerned

LEAVES_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as the referral names it, what the lists say of it, answer by answer, and the numbers of the matches that are kept.

    ``alike`` counts the files of the unit that are near-duplicates of it, ``findings`` what analysers saw; ``length`` is of a video or
    sound, in milliseconds.
    """

    attachment: Attachment
    standing: Standing
    answers: Sequence[Answer]
    matches: Mapping[Key, int]
    alike: int = 0
    findings: int = 0
    length: int | None = None


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """One referral, whole; ``shared`` says in how many referrals each identifier occurs, ``officers`` names actors of the ledger.

    ``inside`` are files that came in archives among its files, and how many there are. ``heard`` is what analysers said of its texts, by
    :func:`grace.analysis.passage.digest`; ``said`` is what the unit said of that. ``withheld``: the estimate is
    not shown until the viewer has decided.
    """

    told: Told
    canonical: Mapping[str, Any]
    row: QueueRow
    assessment: Assessment
    versions: list[Version]
    files: list[NamedFile]
    inside: tuple[list[Tile], int]
    decisions: list[Decision]
    notes: list[Note]
    uncovered: bool
    rank: Count | None
    waiting: Count
    shared: Mapping[UUID, int]
    what_if: list[WhatIf]
    learned: list[Given]
    changed: Changed | None
    history: list[EntryRow]
    colleagues: list[Officer]
    contradictions: int
    concerned: Concerned
    groups: list[Membership]
    exchanged: Exchanged
    heard: Mapping[bytes, Sequence[Said]]
    said: Mapping[tuple[bytes, labels.Key], Label]
    withheld: bool


def _withholds(viewer: Viewer, row: QueueRow) -> bool:
    mine = row.status == QueueRow.Status.TAKEN and row.officer_id == viewer.officer_id and not row.outcome
    return mine and second_looks.withholds(row.unit_id, row.referral_id, viewer.officer_id, row.floor)


def referral_page(viewer: Viewer, referral_id: UUID, ordinal: int | None = None) -> ReferralPage:
    """One referral, whole. What may be shown of persons follows ``uncovered``: only who took it sees values (law, L13)."""
    return consult(viewer, "referral.read", lambda: _page(viewer, referral_id, ordinal), lambda _: [f"referral:{referral_id}"])


def _page(viewer: Viewer, referral_id: UUID, ordinal: int | None) -> ReferralPage:
    row, look = row_of(viewer, referral_id), second_looks.open_of(viewer, referral_id)
    told = referrals.read(viewer, referral_id, ordinal)
    assessment = Assessment.objects.select_related("rules").get(referral_id=referral_id)
    return ReferralPage(
        told=told,
        canonical=referrals.canonical_of_all(told),
        row=row,
        assessment=assessment,
        versions=referrals.versions_of(viewer, referral_id),
        files=files_of(viewer, told),
        inside=tiles(viewer, [each for each in told.attachments if each.state != REPORT]),
        decisions=decisions_of(viewer, referral_id),
        notes=notes_of(viewer, referral_id),
        uncovered=may_uncover(viewer, row),
        rank=places.rank_of(viewer, referral_id),
        waiting=queue.count(viewer, queue.Filters()),
        shared=find.in_referrals(viewer, [each.identifier_id for each in told.sightings]),
        what_if=what_if(viewer, row, assessment),
        learned=learned(assessment),
        changed=changed(assessment),
        history=history_of(viewer, referral_id) if look is None else as_new(viewer, look, history_of(viewer, referral_id)),
        colleagues=colleagues(viewer),
        contradictions=contradictions.counts([referral_id]).get(referral_id, 0),
        concerned=concerned(viewer, referral_id),
        groups=links.memberships(viewer, [referral_id]),
        exchanged=exchanged(viewer, referral_id) if look is None else replace(exchanged(viewer, referral_id), dispatches=[]),
        withheld=_withholds(viewer, row),
        heard=texts.of_referral(referral_id),
        said=labels.of_texts(viewer.unit_id, referral_id),
    )


def files_of(viewer: Viewer, told: Told) -> list[NamedFile]:
    """The files of a version that the viewer was given, each with what the lists say; the report itself is none of them."""
    files = [each for each in told.attachments if each.state != REPORT]
    answers = answers_about(viewer.unit_id, [_named(each) for each in files])
    numbers = matches.numbers([answer for some in answers.values() for answer in some])
    here = [each.file_id for each in files if each.file_id]
    sizes, seen, lengths = duplicates.sizes(viewer, here), findings.kinds_of(here), findings.lengths_of(here)
    return [
        NamedFile(
            each,
            standing_of(answers[each.id]),
            answers[each.id],
            numbers,
            alike=max(0, sizes.get(each.file_id, 0) - 1) if each.file_id else 0,
            findings=seen.get(each.file_id, Counter()).total() if each.file_id else 0,
            length=lengths.get(each.file_id) if each.file_id else None,
        )
        for each in files
    ]


def _named(attachment: Attachment) -> Named:
    digests = {name: bytes(value) for name in ("md5", "sha1", "sha256", "pdq") if (value := getattr(attachment, name))}
    return Named(attachment.id, attachment.file_id, attachment.state, attachment.viewed, attachment.uploaded_at, digests)


@dataclass(frozen=True, slots=True)
class Leaves:
    """A page of all that a document says, leaf by leaf; ``unknown`` counts those for which the format has no place."""

    row: QueueRow
    version: Version
    uncovered: bool
    leaves: list[Mapping[str, Any]]
    start: int
    total: int
    unknown: int
    only_unknown: bool


def leaves(viewer: Viewer, referral_id: UUID, ordinal: int | None = None, *, start: int = 0, only_unknown: bool = False) -> Leaves:
    """Everything that the document says, from leaf ``start`` on; while the referral is covered, the paths without their values."""

    def read() -> Leaves:
        row = row_of(viewer, referral_id)
        version = referrals.read(viewer, referral_id, ordinal).version
        everything = referrals.canonical_of(version)["leaves"]
        unknown = sum(not leaf["known"] for leaf in everything)
        wanted = [leaf for leaf in everything if not leaf["known"]] if only_unknown else everything
        if start and start >= len(wanted):
            raise Missing(_("The document does not say that much."), remedy=_("Start again at its beginning."))
        uncovered = may_uncover(viewer, row)
        shown = wanted[start : start + LEAVES_A_PAGE]
        told = shown if uncovered else [{"path": leaf["path"], "known": leaf["known"]} for leaf in shown]
        return Leaves(row, version, uncovered, told, start, len(wanted), unknown, only_unknown)

    return consult(viewer, "referral.document", read, lambda _: [f"referral:{referral_id}"])
