"""Receipts: the recipient's signed word that a package is there, in three lines of text without personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from grace.agencies.keys import PrivateKeys, PublicKeys, bytes_of, text_of
from grace.exchange.errors import Rejected
from grace.kernel.errors import Invalid
from grace.kernel.strict import moment, parse, spelled

MAGIC = "GRACE-RECEIPT 1"
MOST_BYTES = 2_048
_FORMAT, _VERSION = "grace-receipt", 1
_SIGNED = b"grace-receipt-1\0"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``sender`` is who received the package and signs; ``recipient`` is who had sent it; ``sha256`` is the body's."""

    package: UUID
    sender: UUID
    recipient: UUID
    sha256: bytes
    at: datetime


def write(receipt: Receipt, own: PrivateKeys) -> str:
    """The text of a receipt, signed."""
    told = _told(receipt)
    return f"{MAGIC}\n{told.decode()}\n{text_of(own.sign(_SIGNED + told))}\n"


def read(text: str) -> tuple[Receipt, bytes, bytes]:
    """A receipt, what was signed, and the signature, not yet checked. Raises :class:`Rejected`."""
    lines = text.split("\n")
    if len(text) > MOST_BYTES or len(lines) != 4 or lines[0] != MAGIC or lines[3]:
        raise Rejected("malformed")
    try:
        receipt, signature = _read(lines[1].encode()), bytes_of(lines[2])
    except Invalid as fault:
        raise Rejected("malformed") from fault
    return receipt, lines[1].encode(), signature


def check(text: str, keys: PublicKeys, package: UUID, sender: UUID, sha256: bytes) -> Receipt:
    """The receipt for this package by this agency. Raises :class:`Rejected` where it is none."""
    receipt, told, signature = read(text)
    if not keys.verifies(signature, _SIGNED + told):
        raise Rejected("wrong-signature")
    if (receipt.package, receipt.sender, receipt.sha256) != (package, sender, sha256):
        raise Rejected("differs")
    return receipt


def _told(receipt: Receipt) -> bytes:
    return spelled(
        {
            "format": _FORMAT,
            "version": _VERSION,
            "package": str(receipt.package),
            "from": str(receipt.sender),
            "to": str(receipt.recipient),
            "what": "delivered",
            "sha256": receipt.sha256.hex(),
            "at": moment(receipt.at),
        }
    )


def _read(told: bytes) -> Receipt:
    entries = parse(told, MOST_BYTES)
    entries.version(_FORMAT, _VERSION)
    entries.choice("what", {"delivered"})
    receipt = Receipt(entries.uuid("package"), entries.uuid("from"), entries.uuid("to"), entries.digest("sha256"), entries.moment("at"))
    entries.end()
    return receipt
