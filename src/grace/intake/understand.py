"""Understanding an original: opened, read by the format that knows it, normalised; whatever the bytes are, an answer comes."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from grace.intake import registry
from grace.intake.archives import NOTED_WHEN_OPENED
from grace.intake.canonical import canonical
from grace.intake.normalise import Facts, facts
from grace.intake.packages import open_package
from grace.intake.sealed import SealedFile
from grace.sdk.intake import IntakeFormat, Member, Note, Package, Reading, Report, Unreadable


@dataclass(frozen=True, slots=True)
class Read:
    """One report of an original: as said, as flat facts, and as canonical JSON (zlib-packed)."""

    report: Report
    facts: Facts
    canonical: bytes


@dataclass(frozen=True, slots=True)
class Understood:
    """What an original is. ``reason_code`` set means that it could not be read, and why; then there are no reads.

    ``files`` are the members of the package that are not documents, and what lies inside these; they can be opened inside the ``with`` block of
    :func:`understood` only.
    """

    reads: Sequence[Read] = ()
    files: Sequence[Member] = ()
    format: str = ""
    format_version: str = ""
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a way in knows better than the document: who numbers the report, its number, who sent it, and when it was opened."""

    issuer: str
    number: str
    sender: str
    received_at: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a way in tells of an original that it put together itself.

    ``format`` is the name of the only format that may read it; ``members`` are those of its members that lie in the vault as files.
    """

    origin: Origin | None = None
    format: str = ""
    members: Mapping[str, SealedFile] = field(default_factory=dict)


NOTHING = Told()


@contextmanager
def understood(name: str, data: bytes | Path | BinaryIO, told: Told = NOTHING) -> Iterator[Understood]:
    """Read an original. Never raises for what the bytes are: an unreadable one says why."""
    try:
        package = open_package(io.BytesIO(data) if isinstance(data, bytes) else data, name=name)
    except Unreadable as fault:
        yield Understood(reason_code=fault.code, reason=fault.message)
        return
    with package:
        yield _read(package.with_members(told.members), told)


def _read(package: Package, told: Told) -> Understood:
    try:
        chosen = registry.choose(package, _among(told))
        readings = registry.read(package, [chosen])
    except Unreadable as fault:
        return Understood(reason_code=fault.code, reason=fault.message)
    documents = {name for reading in readings for name in reading.documents}
    inside, doubled = _inside(readings, package)
    files, notes = _unpackable([*(member for name, member in package.items() if name not in documents), *inside])
    notes = (*notes, *doubled)
    reads = [_normalised(_placed(each, told.origin), notes) for each in readings]
    return Understood(reads, files, chosen.name, chosen.version)


def _among(told: Told) -> list[IntakeFormat] | None:
    return [each for each in registry.formats() if each.name == told.format] if told.format else None


def _placed(reading: Reading, origin: Origin | None) -> Reading:
    """The reading under the number and the name that the way in knows."""
    if origin is None:
        return reading
    return replace(
        reading,
        report=replace(reading.report, issuer=origin.issuer, number=origin.number, sender=origin.sender, received_at=origin.received_at),
    )


def _inside(readings: Iterable[Reading], package: Package) -> tuple[list[Member], list[Note]]:
    """The files that lie inside the documents; one whose name is taken stays there, and is noted."""
    found: dict[str, Member] = {}
    notes: list[Note] = []
    for member in (member for reading in readings for member in reading.files):
        if member.name in package or member.name in found:
            notes.append(Note("duplicate-member", member.name, "Two files bear this name; the second stays inside its document."))
        else:
            found[member.name] = member
    return list(found.values()), notes


def _unpackable(members: Iterable[Member]) -> tuple[list[Member], tuple[Note, ...]]:
    """The members that can be read to their end, and notes on those that cannot: they stay in the sealed original."""
    files: list[Member] = []
    notes: list[Note] = []
    for member in members:
        try:
            if member.size >= 0:  # a ZIP's member is unpacked to be counted, and its checksum compared
                files.append(member)
        except Unreadable as fault:
            if fault.code not in NOTED_WHEN_OPENED:
                notes.append(Note("damaged-member", member.name, fault.message))
    return files, tuple(notes)


def _normalised(reading: Reading, notes: tuple[Note, ...]) -> Read:
    if notes:
        reading = replace(reading, report=replace(reading.report, notes=(*reading.report.notes, *notes)))
    found = facts(reading.report)
    return Read(reading.report, found, pack(canonical(reading, said=found)))


def pack(told: Mapping[str, object]) -> bytes:
    """Canonical JSON as it is stored: compact, and zlib-packed at the fastest level."""
    return zlib.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 1)
