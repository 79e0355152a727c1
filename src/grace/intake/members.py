"""Which member of a package is which file of the report: by key or name, checked by digest.

A member in a folder that is named after the key that a file goes by, as the reporting server packs them, is that file.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from grace.intake.normalise import AttachmentFact
from grace.sdk.intake import Member, Package, Unreadable

COMPARED = ("sha256", "sha1", "md5")
"""Digests that both sides may have, the strongest first."""
_CHUNK = 1 << 20

Digests = Mapping[str, bytes]


class State(StrEnum):
    """What became of a file that the report names, or of a member that it does not."""

    PRESENT = "present"
    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Pairing:
    """A file of the report and its member.

    ``attachment`` is the ordinal in :class:`Facts`, None for an extra member; ``member`` is None for a missing file.
    ``checked`` tells that a digest was compared; a file present by its name alone is not checked.
    """

    state: State
    attachment: int | None
    member: str | None
    checked: bool = False


def match(attachments: Sequence[AttachmentFact], members: Mapping[str, Digests]) -> tuple[Pairing, ...]:
    """Pair the report's files with the package's members (without the documents), extras last.

    A member with the stated digest is the file, whatever its name; several files may share one member, as when a
    report names the same bytes twice. A member with the name but another digest is ``changed``.
    """
    index = _Index(members)
    pairings = [_pair(attachment, index) for attachment in attachments]
    taken = {pairing.member for pairing in pairings}
    extras = (Pairing(State.EXTRA, None, name) for name in members if name not in taken)
    return (*pairings, *extras)


def digests_of(package: Package, names: Iterable[str]) -> dict[str, dict[str, bytes]]:
    """The digests of these members, each read once. A member that cannot be read has none."""
    return {name: _digests(package[name]) for name in names}


def _digests(member: Member) -> dict[str, bytes]:
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in COMPARED}
    try:
        with member.open() as stream:
            while chunk := stream.read(_CHUNK):
                for running in hashes.values():
                    running.update(chunk)
    except Unreadable:
        return {}
    return {name: running.digest() for name, running in hashes.items()}


@dataclass(slots=True)
class _Index:
    members: Mapping[str, Digests]
    by_name: dict[str, list[str]] = field(default_factory=dict)
    by_digest: dict[tuple[str, bytes], list[str]] = field(default_factory=dict)
    by_folder: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, digests in self.members.items():
            self.by_folder.setdefault(name.rpartition("/")[0].rpartition("/")[2], []).append(name)
            self.by_name.setdefault(_folded(name), []).append(name)
            self.by_name.setdefault(_folded(name.rpartition("/")[2]), []).append(name)
            for algorithm, value in digests.items():
                self.by_digest.setdefault((algorithm, value), []).append(name)


def _pair(attachment: AttachmentFact, index: _Index) -> Pairing:
    named = _named(attachment, index)
    same = _same(attachment, index)
    if same:
        return Pairing(State.PRESENT, attachment.ordinal, next((name for name in named if name in same), same[0]), checked=True)
    if not named:
        return Pairing(State.MISSING, attachment.ordinal, None)
    comparable = [name for name in named if any(algorithm in index.members[name] for algorithm in attachment.digests)]
    if comparable:
        return Pairing(State.CHANGED, attachment.ordinal, comparable[0], checked=True)
    return Pairing(State.PRESENT, attachment.ordinal, named[0])


def _named(attachment: AttachmentFact, index: _Index) -> list[str]:
    """Members that carry the file's own key, else those with its name; the original name speaks only where no other name is stated."""
    stated = attachment.stated
    if stated.sender_file_id and (keyed := index.by_folder.get(stated.sender_file_id)):
        return keyed
    name = stated.name or stated.original_name
    return index.by_name.get(_folded(name), []) or index.by_name.get(_folded(name.rpartition("/")[2]), []) if name else []


def _same(attachment: AttachmentFact, index: _Index) -> list[str]:
    """Members whose strongest digest in common with the file is the file's."""
    for algorithm in COMPARED:
        value = attachment.digests.get(algorithm)
        if value is not None:
            return index.by_digest.get((algorithm, value), [])
    return []


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()
