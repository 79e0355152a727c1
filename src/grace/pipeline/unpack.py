"""Unpacking: what is in an archive becomes files, portion by portion, and the referrals that name the archive are scored anew.

    archive ─▶ (behind the walls: some members) ─▶ files, places, ledger, jobs: examine, unpack what is nested ─▶ … ─▶ score

Each portion has a transaction of its own that also moves the archive's place, so that a job that is broken off and begun again goes on
behind what was kept (so does one whose decoder is ended), and of two that work on the same archive one stops.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import members, unpack
from grace.evidence.decoding.port import NotDecoded, Reason, Unpacked
from grace.evidence.models import Archive, File
from grace.evidence.unpack import Kept
from grace.intake import passwords
from grace.pipeline import jobs
from grace.pipeline.score import MOST_SUBJECTS
from grace.pipeline.score_files import score_what_names

ACTOR = "system:unpack"
SECONDS = 20.0
"""How long one job works before it leaves the rest to the next, so that no archive keeps others waiting."""
_TURN = 1000


@dataclass(slots=True)
class _Taker:
    """Keeps portions as they come, until the time is up or another job went on from the same place."""

    archive: Archive
    clock: Callable[[], float]
    until: float
    next: int = field(init=False)
    overtaken: bool = False

    def __post_init__(self) -> None:
        self.next = self.archive.next

    def take(self, portion: Sequence[Unpacked]) -> bool:
        """Keep a portion; whether to go on."""
        with transaction.atomic():
            kept = unpack.keep(self.archive.archive_id, self.next, portion)
            if kept is None:
                self.overtaken = True
                return False
            _follow(self.archive, kept)
        self.next = portion[-1].place + 1
        return self.clock() < self.until


def unpack_and_score(archive_id: UUID, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
    """Unpack an archive for so long, from where it stands, and score what names it; what is left is deferred.

    Of one that was unpacked before and stands less deep now, what is nested in it is gone through again.
    """
    archive = members.archive_of(archive_id)
    if archive is None:
        return  # it was erased meanwhile
    if archive.ended_at is None:
        taker = _Taker(archive, clock, clock() + seconds)
        verdict = _go_on(taker)
        if taker.overtaken:
            return
        with transaction.atomic():
            if verdict is False:
                jobs.unpack(archive_id)
            else:
                unpack.end(archive_id, verdict.reason.value if isinstance(verdict, NotDecoded) else "")
    else:
        with transaction.atomic():
            begin(unpack.nested_in(archive), root=archive.root_id or archive_id, depth=archive.depth + 1)
    score_what_names([archive_id])


def _go_on(taker: _Taker) -> bool | NotDecoded:
    """Unpack on; a decoder that died of it is asked once more from where it was: the system may have ended it.

    Where it dies again before anything else came out, the archive is to blame.
    """
    died_at = -1
    while True:
        verdict = unpack.go_on(taker.archive, taker.take, passwords.listed())
        has_died = isinstance(verdict, NotDecoded) and verdict.reason is Reason.DIED
        if not has_died or taker.overtaken or taker.next == died_at:
            return verdict
        died_at = taker.next
        archive = members.archive_of(taker.archive.archive_id)
        if archive is None:
            return False  # it was erased meanwhile
        taker.archive = archive


def begin(archives: Sequence[UUID], *, root: UUID | None = None, depth: int = 1, again: bool = True) -> int:
    """Defer the unpacking of archives, in the caller's transaction; of how many. See :func:`grace.evidence.unpack.begin`."""
    due = unpack.begin(archives, root=root, depth=depth, again=again)
    for each in due:
        jobs.unpack(each)
    return len(due)


def unpack_stored() -> int:
    """Defer the unpacking of archives that came before there was any; how many these are."""
    number, after = 0, None
    while some := unpack.never_begun(after, _TURN):
        with transaction.atomic():
            number += begin(some, again=False)
        after = some[-1]
    return number


def _follow(archive: Archive, kept: Kept) -> None:
    """Tell the ledger of a portion, and defer the looking into what is new."""
    (sha256,) = File.objects.filter(id=archive.archive_id).values_list("sha256", flat=True)
    digests = list(dict.fromkeys(each.sha256.hex() for each in kept.taken))
    detail = {"taken": str(len(kept.taken)), "left_out": str(kept.left_out)}
    for start in range(0, max(1, len(digests)), MOST_SUBJECTS - 1):
        subjects = (f"file:{bytes(sha256).hex()}", *(f"file:{each}" for each in digests[start : start + MOST_SUBJECTS - 1]))
        ledger.record(Line(Kind.ALTERATION, "file.unpack", ACTOR, "triage", subjects, detail))
    new = sorted({each.id for each in kept.taken if each.new})
    for start in range(0, len(new), jobs.BATCH):
        jobs.examine_files(new[start : start + jobs.BATCH])
    for nested in kept.begun:
        jobs.unpack(nested)
