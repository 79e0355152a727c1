"""Signed reports of the installation on itself: one JSON file that says what was measured here, and a signature over all of it.

The key is the ledger's (see :mod:`grace.host.secrets`). What is signed begins with :data:`CONTEXT`, a line that no checkpoint
can begin with, so that a signature of the one kind never passes for the other.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from grace.custody.canonical import spelled
from grace.kernel.errors import Invalid

CONTEXT = b"grace signed report 1\n"
LARGEST = 4 << 20
"""Bytes; a report of many sections is a hundredth of it."""
_PARTS = {"report", "signature"}
_SIGNATURE = {"algorithm", "key", "origin", "value"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A report that stands as it was signed: its body, who signed, and whether that key is one of those that we trust."""

    report: Mapping[str, Any]
    origin: str
    key: Ed25519PublicKey
    trusted: bool

    @property
    def fingerprint(self) -> str:
        """The key in short: the first 16 hexadecimal digits of its SHA-256."""
        return fingerprint(self.key)


def fingerprint(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the raw key, to be compared by eye."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def sign(report: Mapping[str, Any], origin: str, by: Ed25519PrivateKey) -> bytes:
    """The report in its canonical spelling, with the signature of ``origin``: the whole file."""
    signature = {
        "algorithm": "Ed25519",
        "key": b64encode(by.public_key().public_bytes_raw()).decode(),
        "origin": origin,
        "value": b64encode(by.sign(_signed(report, origin))).decode(),
    }
    return spelled({"report": report, "signature": signature}).encode() + b"\n"


def check(content: bytes, trusted: Iterable[Ed25519PublicKey] = ()) -> Checked:
    """What a signed report says. Raises ``Invalid`` where the file is none, or one byte of it is not as it was signed.

    That a report is sound tells nothing of who made it: that is ``trusted``, by keys that came another way than the file.
    """
    told = _read(content)
    signature = told["signature"]
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(signature["key"], validate=True))
        key.verify(b64decode(signature["value"], validate=True), _signed(told["report"], signature["origin"]))
    except (ValueError, InvalidSignature) as fault:
        raise Invalid("The report is not as it was signed.", remedy="Ask for the file again; do not rely on this one.") from fault
    raw = key.public_bytes_raw()
    return Checked(told["report"], signature["origin"], key, any(raw == each.public_bytes_raw() for each in trusted))


def _signed(report: Mapping[str, Any], origin: str) -> bytes:
    return CONTEXT + origin.encode() + b"\n" + spelled(report).encode()


def _read(content: bytes) -> dict[str, Any]:
    """The file as JSON of the right shape, and spelled exactly as :func:`sign` spells it: so nothing stands in it unsigned."""
    try:
        told = json.loads(content) if len(content) <= LARGEST else None
        if isinstance(told, dict) and _is_shaped(told) and spelled(told).encode() + b"\n" == content:
            return told
    except (ValueError, RecursionError):
        pass  # the same as another shape
    raise Invalid("This is no signed report, or it was changed.", remedy="Name the file that `grace validate --out` wrote.")


def _is_shaped(told: Mapping[str, Any]) -> bool:
    return set(told) == _PARTS and isinstance(told["report"], dict) and _is_signature(told["signature"])


def _is_signature(found: object) -> bool:
    if not isinstance(found, dict) or set(found) != _SIGNATURE or found["algorithm"] != "Ed25519":
        return False
    return all(isinstance(each, str) for each in found.values()) and "\n" not in found["origin"]
