"""The way of a referral, on one page: seal, read, record, route, look up, score, queue. One transaction for a batch.

    deliveries ─▶ seal ─▶ read ─▶ register ─▶ record ─▶ route ─▶ look up ─▶ score ─▶ queue ─▶ ledger ─▶ (jobs: examine, alert)

What cannot be read, or holds a value that cannot be stored, is registered in quarantine with its reason; what is here
already is told so; a document about a referral that we have becomes its next version. A crash leaves nothing half done: the bytes of an unfinished batch are
orphans in the vault, which the scrub finds, and the sender's copy is still where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import vault
from grace.evidence.vault import Sealed, Stored
from grace.intake import documents, open_reports
from grace.intake.documents import NewDocument
from grace.intake.feedback import Remark
from grace.intake.packages import original
from grace.intake.understand import NOTHING, Told, Understood, understood
from grace.kernel import clock
from grace.kernel.ids import new_id
from grace.pipeline import jobs
from grace.pipeline.consult import refusals_told
from grace.pipeline.patience import REFUSED, Reader, is_away, patiently, read_and_store
from grace.pipeline.record import Source as Understanding
from grace.pipeline.record import Taken, record_understood
from grace.pipeline.score import MOST_SUBJECTS, Batch
from grace.pipeline.unpack import begin
from grace.priority import publish
from grace.referrals.record import Recorded
from grace.sdk.text import storable

_CHUNK = 1 << 20


class Outcome(StrEnum):
    """What became of a delivery."""

    NEW = "new"
    VERSION = "version"
    DOUBLE = "double"
    QUARANTINED = "quarantined"


class Source(Protocol):
    """Bytes that somebody else holds; each opening gives them from the beginning."""

    def open(self) -> BinaryIO:
        """The bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """An original on its way in: its name as the sender gave it, and its bytes, or who holds them: a file, a folder, a source, the vault.

    ``told`` is what the way in knows of it. With ``set_aside`` (code, reason) it is not read but goes to quarantine.
    """

    name: str
    data: bytes | Path | Source | Sealed
    told: Told = NOTHING
    set_aside: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Into which unit, by which way, and who brings it."""

    unit_id: UUID
    way: str
    actor: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What we say to whoever brought the document; ``feedback`` is what each report lacked, in the order of ``referrals``."""

    name: str
    outcome: Outcome
    document_id: UUID
    referrals: tuple[UUID, ...] = ()
    numbers: tuple[int, ...] = ()
    reason_code: str = ""
    reason: str = ""
    feedback: tuple[tuple[Remark, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Original:
    place: int
    document: NewDocument
    understood: Understood


def receive(intake: Intake, deliveries: Sequence[Delivery]) -> list[Receipt]:
    """Take a batch in; a receipt for each delivery, in order, once everything is committed.

    The batch is tried again while the database is away (up to 20 seconds). Doing it twice does nothing twice. Raises
    :class:`~grace.sdk.intake.Unreadable` where a delivery's path cannot be read; then nothing of the batch was taken in.
    """
    return patiently(lambda: _receive(intake, deliveries)) if deliveries else []


def read_again(viewer: Viewer, document_id: UUID) -> Receipt:
    """Try once more to read a document that lies in quarantine: a newer reader may know it. Raises ``Missing`` or ``Conflict``."""
    with refusals_told(viewer, "document.read_again", f"document:{document_id}", kind=Kind.COLLECTION):
        return read_and_store(lambda read: _read_again(viewer, document_id, read))


def _read_again(viewer: Viewer, document_id: UUID, read: Reader) -> Receipt:
    row = documents.in_quarantine(viewer, document_id)
    with vault.open(row.object_id) as stream, read(row.name, stream, open_reports.told_of(row.id)) as found:
        document = _told(NewDocument(row.id, bytes(row.sha256), row.size, row.object_id, row.name), found)
        documents.settle(row, document)
        return _take_in(Intake(row.unit_id, row.way, viewer.actor), [_Original(0, document, found)], act="document.read_again")[0]


def _receive(intake: Intake, deliveries: Sequence[Delivery]) -> list[Receipt]:
    """One transaction; where it cannot be stored, halves, until the document that cannot stands alone, in quarantine."""
    if len(deliveries) == 1:
        return read_and_store(lambda read: _take_in_sealed(intake, deliveries, read))
    try:
        with transaction.atomic():
            return _take_in_sealed(intake, deliveries, understood)
    except REFUSED as fault:
        if is_away(fault):
            raise
    middle = len(deliveries) // 2
    return [*_receive(intake, deliveries[:middle]), *_receive(intake, deliveries[middle:])]


def _take_in_sealed(intake: Intake, deliveries: Sequence[Delivery], read: Reader) -> list[Receipt]:
    sealed, known, digests = _seal(intake.unit_id, deliveries)
    with ExitStack() as packages:  # keeps what was opened until its files are in the vault
        originals = [_read(place, deliveries[place], sealed[place], read, packages) for place in sorted(sealed)]
        written = documents.register(intake.unit_id, intake.way, [each.document for each in originals], clock.now())
        mine = [each for each in originals if each.document.id in written]
        receipts = dict(zip((each.place for each in mine), _take_in(intake, mine), strict=True))
    # Another process registered these between our question and our writing: its copy stays, ours goes.
    overtaken = [each.document for each in originals if each.document.id not in written]
    vault.delete_many([each.object_id for each in overtaken])
    known |= documents.known(intake.unit_id, [each.sha256 for each in overtaken])
    known |= {each.document.sha256: each.document.id for each in mine}
    doubles = [place for place in range(len(deliveries)) if place not in receipts]
    for place in doubles:
        receipts[place] = Receipt(deliveries[place].name, Outcome.DOUBLE, known[digests[place]])
    ledger.record(*(_line(intake, "document.receive_again", (f"document:{receipts[place].document_id}",)) for place in doubles))
    return [receipts[place] for place in range(len(deliveries))]


def _seal(unit_id: UUID, deliveries: Sequence[Delivery]) -> tuple[dict[int, Stored], dict[bytes, UUID], list[bytes]]:
    """Seal what the unit does not have yet, bytes once each; by place, with the documents that are known and all digests.

    A file that changes while it is read counts as what was sealed.
    """
    digests = [_digest(each.data) for each in deliveries]
    known = documents.known(unit_id, digests)
    new = [place for place, digest in enumerate(digests) if digest not in known]
    small = {digests[place]: (place, data) for place in reversed(new) if isinstance(data := deliveries[place].data, bytes)}
    stored = vault.store_many([(digest, data) for digest, (_, data) in small.items()])
    sealed = dict(zip((place for place, _ in small.values()), stored, strict=True))
    for place in new:
        if not isinstance(data := deliveries[place].data, bytes | Sealed):
            with _opened(data) as stream:
                sealed[place] = vault.seal(stream)
            digests[place] = sealed[place].sha256
    ready = {place: data for place, each in enumerate(deliveries) if isinstance(data := each.data, Sealed)}
    sealed |= {place: ready[place] for place in new if place in ready}
    vault.delete_many([each.object_id for place, each in ready.items() if place not in sealed])
    return sealed, known, digests


def _read(place: int, delivery: Delivery, sealed: Stored, read: Reader, packages: ExitStack) -> _Original:
    """What is read is what was sealed, whatever happens to a path meanwhile."""
    name = storable(delivery.name)
    if delivery.set_aside is None:
        data = delivery.data if isinstance(delivery.data, bytes) else packages.enter_context(vault.open(sealed.object_id))
        found = packages.enter_context(read(name, data, delivery.told))
    else:
        found = Understood(reason_code=delivery.set_aside[0], reason=delivery.set_aside[1])
    document = NewDocument(new_id(), sealed.sha256, sealed.size, sealed.object_id, name)
    return _Original(place, _told(document, found), found)


def _told(document: NewDocument, found: Understood) -> NewDocument:
    return replace(document, format=found.format, format_version=found.format_version, reason_code=found.reason_code, reason=found.reason)


def _take_in(intake: Intake, originals: Sequence[_Original], act: str = "document.receive") -> list[Receipt]:
    """Record, score and queue what the originals say, and tell the ledger; a receipt for each."""
    now = clock.now()
    batch = Batch(intake.unit_id, intake.actor, publish.in_force(intake.unit_id, now), now, intake.way)
    taken = record_understood(batch, [Understanding(each.document.id, each.document.sha256, each.understood) for each in originals])
    told = [(f"document:{each.document.id}", *taken.subjects(each.document.id)) for each in originals]
    ledger.record(*(_line(intake, act, each[at : at + MOST_SUBJECTS]) for each in told for at in range(0, len(each), MOST_SUBJECTS)))
    jobs.follow(taken)
    begin(sorted(taken.archives_again))
    return [_receipt(each, taken) for each in originals]


def _receipt(original: _Original, taken: Taken) -> Receipt:
    document, recorded = original.document, taken.recorded.get(original.document.id, [])
    return Receipt(
        document.name,
        _outcome(document, recorded),
        document.id,
        tuple(each.referral_id for each in recorded),
        tuple(each.number for each in recorded),
        document.reason_code,
        document.reason,
        tuple(tuple(each) for each in taken.remarks.get(document.id, ())),
    )


def _outcome(document: NewDocument, recorded: Sequence[Recorded]) -> Outcome:
    if document.reason_code:
        return Outcome.QUARANTINED
    return Outcome.NEW if any(each.is_new for each in recorded) else Outcome.VERSION


def _line(intake: Intake, act: str, subjects: tuple[str, ...]) -> Line:
    return Line(kind=Kind.COLLECTION, act=act, actor=intake.actor, purpose="intake", subjects=subjects, detail={"way": intake.way})


def _opened(data: Path | Source) -> BinaryIO:
    return original(data) if isinstance(data, Path) else data.open()


def _digest(data: bytes | Path | Source | Sealed) -> bytes:
    if isinstance(data, Sealed):
        return data.sha256
    if isinstance(data, bytes):
        return hashlib.sha256(data).digest()
    running = hashlib.sha256()
    with _opened(data) as stream:
        while chunk := stream.read(_CHUNK):
            running.update(chunk)
    return running.digest()
