"""The label of a package, readable and signed: from whom, to whom, which body. It holds no personal data.

A package as a file: the line ``GRACE-PACKAGE 1``, the label in one line of JSON, its signature in base64, then the sealed body.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from grace.agencies.keys import SIGNATURE_BYTES, PrivateKeys, bytes_of, text_of
from grace.agencies.models import Enrolment
from grace.exchange.errors import Rejected
from grace.kernel.errors import Invalid
from grace.kernel.strict import moment, parse, spelled

MAGIC = b"GRACE-PACKAGE 1\n"
KINDS = frozenset({"handover", "update", "erasure", "answer"})
MOST_HEAD = 4_096
"""Bytes that the three lines before the body take at most."""
CLOCKS_APART = timedelta(minutes=10)
_FORMAT, _VERSION = "grace-package", 1
_SIGNED = b"grace-label-1\0"


@dataclass(frozen=True, slots=True)
class Label:
    """Sender, recipient and package; ``size`` and ``sha256`` are those of the sealed body."""

    package: UUID
    kind: str
    sender: UUID
    recipient: UUID
    made_at: datetime
    expires_at: datetime
    size: int
    sha256: bytes

    def text(self) -> bytes:
        """What is signed and sent."""
        return spelled(
            {
                "format": _FORMAT,
                "version": _VERSION,
                "package": str(self.package),
                "kind": self.kind,
                "from": str(self.sender),
                "to": str(self.recipient),
                "made_at": moment(self.made_at),
                "expires_at": moment(self.expires_at),
                "size": self.size,
                "sha256": self.sha256.hex(),
            }
        )

    def head(self, own: PrivateKeys) -> bytes:
        """The three lines before the body."""
        told = self.text()
        return MAGIC + told + b"\n" + text_of(own.sign(_SIGNED + told)).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Head:
    """A label as it came, its signature not yet checked, and how many bytes stand before the body."""

    label: Label
    told: bytes
    signature: bytes
    length: int


def read_head(stream: BinaryIO) -> Head:
    """The head at the beginning of a stream. Raises :class:`Rejected` where it is none."""
    raw = stream.read(MOST_HEAD)
    lines = raw.split(b"\n", 3)
    if not raw.startswith(MAGIC) or len(lines) < 4:
        raise Rejected("malformed")
    _, told, signature, _ = lines
    try:
        label = _read(told)
        signed = bytes_of(signature.decode("ascii"))
    except (Invalid, UnicodeDecodeError) as fault:
        raise Rejected("malformed") from fault
    if len(signed) != SIGNATURE_BYTES or label.text() != told or text_of(signed).encode() != signature:
        raise Rejected("malformed")
    return Head(label, told, signed, len(MAGIC) + len(told) + len(signature) + 2)


def check(head: Head, keys: Enrolment | None, own: UUID, now: datetime, most: int) -> None:
    """Raise :class:`Rejected` unless the package is from this agency, for us, in time and not too large."""
    if keys is None:
        raise Rejected("unknown-sender")
    if not keys.keys.verifies(head.signature, _SIGNED + head.told):
        raise Rejected("wrong-signature")
    label = head.label
    if label.recipient != own:
        raise Rejected("wrong-recipient")
    if label.made_at > now + CLOCKS_APART:
        raise Rejected("from-the-future")
    if label.expires_at < now:
        raise Rejected("expired")
    if label.size > most:
        raise Rejected("too-large")


def _read(told: bytes) -> Label:
    entries = parse(told, MOST_HEAD)
    entries.version(_FORMAT, _VERSION)
    label = Label(
        package=entries.uuid("package"),
        kind=entries.choice("kind", KINDS),
        sender=entries.uuid("from"),
        recipient=entries.uuid("to"),
        made_at=entries.moment("made_at"),
        expires_at=entries.moment("expires_at"),
        size=entries.number("size", 1 << 50),
        sha256=entries.digest("sha256"),
    )
    entries.end()
    return label
