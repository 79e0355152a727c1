"""Looking: every page that shows personal data is one consultation, written with the answer or not given at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import places, queue, second_looks, visits
from grace.casework.decide import decisions_of, may_uncover, row_of
from grace.casework.models import Decision, Note, QueueRow
from grace.casework.notes import of as notes_of
from grace.casework.queue import Filters, Page
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.kernel.errors import Missing, Refused
from grace.links.read import Membership, memberships
from grace.pipeline.file_signals import FileNews
from grace.pipeline.score import news_of
from grace.priority.models import Assessment
from grace.referrals import read as referrals
from grace.referrals.models import Version
from grace.referrals.read import Told
from grace.routing.concerned import Concerned, concerned

Answer = TypeVar("Answer")
MOST_SUBJECTS = 200
NOT_OPENED = frozenset({"referral.read", "queue.list", "search.ask"})
"""What opens by itself when a referral is given out, and lists. Whoever reads more of one referral alone has opened it."""


def consult(viewer: Viewer, act: str, read: Callable[[], Answer], subjects: Callable[[Answer], Iterable[str]], **detail: str) -> Answer:
    """Read, and write down who read what and why, in one transaction. A refused attempt is written down and raised."""
    try:
        with transaction.atomic():
            answer = read()
            told = list(subjects(answer))
            for start in range(0, max(len(told), 1), MOST_SUBJECTS):
                part = tuple(told[start : start + MOST_SUBJECTS])
                line = Line(kind=Kind.CONSULTATION, act=act, actor=viewer.actor, purpose=viewer.purpose, subjects=part, detail=detail)
                ledger.record(line)
            if act not in NOT_OPENED and len(told) == 1 and told[0].startswith("referral:"):
                second_looks.note_opened(viewer, UUID(told[0].removeprefix("referral:")))
            return answer
    except (Missing, Refused) as refusal:
        denied(viewer, act)
        refusal.written_down = True
        raise


@contextmanager
def refusals_told(viewer: Viewer, act: str, *subjects: str, kind: Kind = Kind.ALTERATION) -> Iterator[None]:
    """Around an act and outside its transaction: an attempt that is refused is written down, once, and raised."""
    try:
        yield
    except (Missing, Refused) as refusal:
        if not refusal.written_down:
            denied(viewer, act, *subjects, kind=kind)
            refusal.written_down = True
        raise


def denied(viewer: Viewer, act: str, *subjects: str, kind: Kind = Kind.CONSULTATION) -> None:
    """Write down an attempt that was not allowed (law, L4)."""
    with transaction.atomic():
        line = Line(kind=kind, act=act, actor=viewer.actor, purpose=viewer.purpose, subjects=subjects, denied=True)
        ledger.record(line)


def query_digest(asked: object) -> str:
    """A digest of what was asked: the ledger can prove a query without holding it."""
    return hashlib.sha256(json.dumps(asked, default=str, sort_keys=True).encode()).hexdigest()


def queue_page(viewer: Viewer, filters: Filters, *, after: str = "", most: int = 50) -> Page:
    """A page of the queue."""
    return consult(
        viewer,
        "queue.list",
        lambda: queue.page(viewer, filters, after=after, most=most),
        lambda page: (f"referral:{row.referral_id}" for row in page.rows),
        query=query_digest(asdict(filters)),
    )


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the referral page shows."""

    told: Told
    row: QueueRow
    assessment: Assessment
    versions: list[Version]
    files: list[FileNews]
    decisions: list[Decision]
    notes: list[Note]
    uncovered: bool
    concerned: Concerned
    rank: tuple[int, bool] | None
    groups: list[Membership]


def dossier(viewer: Viewer, referral_id: UUID, ordinal: int | None = None) -> Dossier:
    """One referral, whole. Identifiers are uncovered only for the officer who took it (law, L13)."""
    return consult(viewer, "referral.read", lambda: _dossier(viewer, referral_id, ordinal), lambda _: [f"referral:{referral_id}"])


def _dossier(viewer: Viewer, referral_id: UUID, ordinal: int | None) -> Dossier:
    row = row_of(viewer, referral_id)
    return Dossier(
        told=referrals.read(viewer, referral_id, ordinal),
        row=row,
        assessment=Assessment.objects.select_related("rules").get(referral_id=referral_id),
        versions=referrals.versions_of(viewer, referral_id),
        files=news_of(viewer.unit_id, [referral_id])[referral_id],
        decisions=decisions_of(viewer, referral_id),
        notes=notes_of(viewer, referral_id),
        uncovered=may_uncover(viewer, row),
        concerned=concerned(viewer, referral_id),
        rank=places.rank_of(viewer, referral_id),
        groups=memberships(viewer, [referral_id]),
    )


def compare_versions(viewer: Viewer, referral_id: UUID, older: int, newer: int) -> list[tuple[str, str | None, str | None]]:
    """Where two versions of a referral differ."""

    def compare() -> list[tuple[str, str | None, str | None]]:
        first, second = (referrals.read(viewer, referral_id, ordinal).version for ordinal in (older, newer))
        return referrals.differences(first, second)

    return consult(viewer, "referral.compare", compare, lambda _: [f"referral:{referral_id}"])


def open_visit(viewer: Viewer) -> object:
    """When the viewer last looked at the queue; begins a new visit after a pause."""
    with transaction.atomic():
        return visits.new_since(viewer, clock.now())
