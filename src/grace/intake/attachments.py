"""A mail as a package: the mail itself, and beside it what is attached; a ZIP among that is opened, under the same limits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from grace.intake.archives import free, members_of_zip
from grace.intake.limits import Limits
from grace.intake.mails import HEAD, MOST_BYTES, Attached, Mail, is_mail, take_apart
from grace.sdk.intake import Bytes, Member, Note, Unreadable

MOST_ZIPS = 20
"""ZIPs of one mail that are opened."""
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The mail that the other members of a package were attached to, and its name among them."""

    member: str
    mail: Mail


@dataclass(frozen=True, slots=True)
class Found:
    """The members, what was noted, and the envelope."""

    members: Mapping[str, Member]
    notes: tuple[Note, ...]
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class _Renamed:
    """A member under a name that is free in the package."""

    name: str
    inner: Member

    @property
    def size(self) -> int:
        return self.inner.size

    def open(self) -> BinaryIO:
        return self.inner.open()


def members_of_mail(member: Member, limits: Limits, resources: ExitStack) -> Found | None:
    """The mail's package, or None where the member is no mail. Raises :class:`Unreadable` for a mail that cannot be taken apart."""
    try:
        with member.open() as stream:
            if not is_mail(stream.read(HEAD)):
                return None
    except Unreadable:
        return None  # whoever reads the member learns why
    with member.open() as stream:
        mail = take_apart(stream.read(MOST_BYTES + 1))
    members: dict[str, Member] = {member.name: member}
    notes = list(mail.notes)
    for inner in _attached(mail.attached, limits, resources, notes):
        name = free(inner.name, members) if inner.name in members else inner.name
        members[name] = inner if name == inner.name else _Renamed(name, inner)
        if len(members) > limits.members:
            raise Unreadable("too-many-members", f"The package has more than {limits.members} members.")
    return Found(members, tuple(notes), Envelope(member.name, mail))


def _attached(attached: list[Attached], limits: Limits, resources: ExitStack, notes: list[Note]) -> Iterator[Member]:
    zips = 0
    for each in attached:
        zips += each.content.startswith(_ZIP)
        if not each.content.startswith(_ZIP) or zips > MOST_ZIPS:
            yield Bytes(each.name, each.content)
            continue
        try:
            inside, said = members_of_zip(io.BytesIO(each.content), limits, resources)
        except Unreadable as fault:
            notes.append(
                Note(
                    "attachment-unopened",
                    each.path,
                    f"A ZIP attached to the mail could not be opened ({fault.code}); it is kept as a file.",
                )
            )
            yield Bytes(each.name, each.content)
            continue
        notes += [Note(note.code, f"{each.name}/{note.path}", note.text) for note in said]
        yield from (_Renamed(f"{each.name}/{name}", inner) for name, inner in inside.items())
