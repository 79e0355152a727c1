"""Which file of a package is which attachment of its report: by digest first, then by name; what differs is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grace.intake.normalise import AttachmentFact


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one attachment: ``present``, ``changed`` (here, but not as its digest says), ``missing`` or ``named``.

    ``missing`` is said where other files came along; ``named`` where none did, so that none was to be expected.
    """

    state: str
    member: str | None = None


def place(attachments: Sequence[AttachmentFact], came: Mapping[str, Mapping[str, bytes]]) -> list[Place]:
    """A place for each attachment; ``came`` has the digests (raw, by algorithm) of each file by its name in the package.

    A name alone is enough where the sender states no digest. Of two files of one name the one with the right digest is
    taken, whatever folder it lies in.
    """
    return [_place(each, came) for each in attachments]


def _place(attachment: AttachmentFact, came: Mapping[str, Mapping[str, bytes]]) -> Place:
    if not came:
        return Place("named")
    stated = {name: value for name, value in attachment.digests.items() if name in {"md5", "sha1", "sha256"}}
    namesakes = [name for name in came if _base(name) in _names(attachment)]
    by_digest = [name for name, digests in came.items() if stated and all(digests[each] == stated[each] for each in stated)]
    for name in [*(each for each in by_digest if each in namesakes), *by_digest]:
        return Place("present", name)
    if namesakes:
        return Place("changed" if stated else "present", namesakes[0])
    return Place("missing")


def _names(attachment: AttachmentFact) -> set[str]:
    stated = (attachment.stated.name, attachment.stated.original_name)
    return {_base(name.replace("\\", "/")) for name in stated if name}


def _base(name: str) -> str:
    return PurePosixPath(name).name


def extras(places: Sequence[Place], came: Mapping[str, object]) -> list[str]:
    """Files that came along and that no attachment names, in the order of their names."""
    return sorted(came.keys() - {each.member for each in places})
