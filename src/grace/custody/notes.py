"""Signed notes: a few lines of text and Ed25519 signatures over them (the formats C2SP signed-note and tlog-checkpoint).

A checkpoint of the ledger reads::

    ledger.agency.example
    1000000
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    time 2026-11-22T17:46:33.000000Z

    — ledger.agency.example Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

Line by line: the ledger's name, its size, its root in base64, when it was signed; after the blank line the signer's name
and the base64 of four bytes that name the key and of the signature over everything above the blank line.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from grace.custody.canonical import moment

_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a note says: of ``origin``, a size in entries, a SHA-256 (a root, or the digest of an export), and when."""

    origin: str
    size: int
    digest: bytes
    at: datetime

    def body(self) -> str:
        """The signed text."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.digest).decode()}\ntime {moment(self.at)}\n"


def key_id(origin: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signature names its key."""
    return sha256(origin.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def signed(statement: Statement, key: Ed25519PrivateKey) -> str:
    """The note of a statement."""
    body = statement.body()
    signature = key_id(statement.origin, key.public_key()) + key.sign(body.encode())
    return f"{body}\n— {statement.origin} {b64encode(signature).decode()}\n"


def read(note: str, key: Ed25519PublicKey) -> Statement | None:
    """What a note says, or None where it was not signed with this key or is not spelled as :func:`signed` spells it."""
    try:
        body, signature_line = note.split("\n\n")
        origin, size, digest, time = body.split("\n")
        dash, name, signature = signature_line.removesuffix("\n").split(" ")
        statement = Statement(origin, int(size), b64decode(digest, validate=True), datetime.fromisoformat(time.removeprefix("time ")))
        raw = b64decode(signature, validate=True)
        key.verify(raw[4:], f"{body}\n".encode())
    except (ValueError, InvalidSignature):
        return None
    named = (dash, name, raw[:4]) == ("—", origin, key_id(origin, key))
    return statement if named and statement.body() == f"{body}\n" else None
