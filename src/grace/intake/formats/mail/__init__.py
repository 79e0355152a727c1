"""A mail: the clearing house's report in its text, or else free text from whoever says to have written it.

What is attached is opened beside it (``grace.intake.attachments``), and where another format knows a report there, that
format reads it; this one reads what no other knows better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grace.intake.formats.mail.examples import EXAMPLES
from grace.intake.formats.mail.reading import FORMAT_NAME, read_mail
from grace.intake.formats.room import Room
from grace.intake.formats.tip_lines.vocabulary import CARRIES
from grace.intake.mails import HEAD, MOST_BYTES, Mail, is_mail, take_apart
from grace.intake.packages import Opened
from grace.sdk.intake import Member, Note, Package, Reading, Unreadable

SURENESS = 0.4
"""Less than any format that finds a report among the attachments, and less than half: what is locked is not passed over for its wrapping."""
_LOCKED = frozenset({"encrypted", "unknown-compression"})


class MailFormat:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """A little sure of anything that is a mail. Raises :class:`Unreadable` where what it carries is locked."""
        names = list(_candidates(package))
        if names and _carries_locked(package):
            raise Unreadable("encrypted", "What is attached to the mail is encrypted, and no password of the list opens it.")
        return SURENESS if names else 0.0

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading for each mail, in the order of their names."""
        if isinstance(package, Opened) and package.envelope is not None:
            return (_reading(package.envelope.member, package.envelope.mail),)
        if readings := tuple(_loose(package)):
            return readings
        raise Unreadable("no-report", "The package holds no mail.")

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented mails."""
        return EXAMPLES


def _candidates(package: Package) -> Iterator[str]:
    """The mail that everything else was attached to; in other packages, what looks like one."""
    if isinstance(package, Opened) and package.envelope is not None:
        yield package.envelope.member
        return
    for name, member in package.items():
        if (len(package) == 1 or name.lower().endswith(".eml")) and is_mail(_head(member)):
            yield name


def _head(member: Member) -> bytes:
    try:
        with member.open() as stream:
            return stream.read(HEAD)
    except Unreadable as refused:
        if refused.code in _LOCKED:
            return b""
        raise


def _carries_locked(package: Package) -> bool:
    if not isinstance(package, Opened) or package.envelope is None:
        return False
    return any(note.code == "encrypted-member" for note in package.notes)


def _loose(package: Package) -> Iterator[Reading]:
    """Mails among other files: together they may hold what one may."""
    room = Room(octets=MOST_BYTES)
    for name in sorted(_candidates(package)):
        with package[name].open() as stream:
            mail = take_apart(room.read(stream))
        if mail.attached:
            mail.notes.append(
                Note("attachments-inside", name, "What is attached to this mail is taken in only where the mail comes by itself.")
            )
        reading = _reading(name, mail)
        room.take("", len(reading.report.leaves))
        yield reading


def _reading(name: str, mail: Mail) -> Reading:
    if mail.locked:
        raise Unreadable("encrypted", "The mail is encrypted (S/MIME or PGP); ask the sender for an open copy.")
    return Reading(read_mail(mail), (name,))


FORMAT = MailFormat()
