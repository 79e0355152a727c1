"""Keys of an installation: Ed25519 signs, and HPKE with ML-KEM-768 and X25519 seals. Bytes in, keys out; no tables.

The hybrid keeps what is recorded on a wire today closed to whoever has a quantum computer later: a package holds evidence for decades.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from grace.kernel.errors import Invalid

SIGNING_BYTES = 32
_LATTICE_BYTES = 1184
SEALING_BYTES = _LATTICE_BYTES + 32
SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What others may know: raw Ed25519, and raw ML-KEM-768 followed by raw X25519."""

    signing: bytes
    sealing: bytes

    def __post_init__(self) -> None:
        if len(self.signing) != SIGNING_BYTES or len(self.sealing) != SEALING_BYTES:
            raise Invalid("These are no keys of an installation: their length is wrong.", remedy="Ask for the card again.")

    def verifies(self, signature: bytes, signed: bytes) -> bool:
        """Whether the signature over these bytes is this agency's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.signing).verify(signature, signed)
        except (InvalidSignature, ValueError):
            return False
        return True

    def sealing_key(self) -> MLKEM768X25519PublicKey:
        """The key to seal for this agency. Raises :class:`Invalid` where the bytes are no key."""
        try:
            lattice = MLKEM768PublicKey.from_public_bytes(self.sealing[:_LATTICE_BYTES])
            curve = X25519PublicKey.from_public_bytes(self.sealing[_LATTICE_BYTES:])
        except ValueError as fault:
            raise Invalid("The sealing key of this agency is damaged.", remedy="Ask for the card again.") from fault
        return MLKEM768X25519PublicKey(lattice, curve)

    def fingerprint(self, agency: UUID) -> str:
        """64 hexadecimal digits that stand for agency and keys, to be compared over another channel."""
        return sha256(b"grace-agency-1\0" + agency.bytes + self.signing + self.sealing).hexdigest()


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """Our own keys. They never show themselves."""

    agency: UUID
    signing: Ed25519PrivateKey = field(repr=False)
    lattice: MLKEM768PrivateKey = field(repr=False)
    curve: X25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKeys:
        """What others may know."""
        sealing = self.lattice.public_key().public_bytes_raw() + self.curve.public_key().public_bytes_raw()
        return PublicKeys(self.signing.public_key().public_bytes_raw(), sealing)

    @property
    def unsealing(self) -> MLKEM768X25519PrivateKey:
        """The key that opens what was sealed for us."""
        return MLKEM768X25519PrivateKey(self.lattice, self.curve)

    def sign(self, told: bytes) -> bytes:
        """Our signature."""
        return self.signing.sign(told)


def read_private(raw: bytes) -> PrivateKeys:
    """The keys of a key file as :func:`grace.host.secrets.make_missing` writes it. Raises :class:`Invalid`, never with a value."""
    try:
        told = json.loads(raw)
        signing, lattice, curve = (b64decode(told[name], validate=True) for name in ("signing", "lattice", "curve"))
        return PrivateKeys(
            UUID(told["agency"]),
            Ed25519PrivateKey.from_private_bytes(signing),
            MLKEM768PrivateKey.from_seed_bytes(lattice),
            X25519PrivateKey.from_private_bytes(curve),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("The exchange key file is missing or damaged.", remedy="Restore it from your copy of the keys.") from None


def text_of(raw: bytes) -> str:
    """Base64."""
    return b64encode(raw).decode()


def bytes_of(text: str) -> bytes:
    """The bytes of base64. Raises :class:`Invalid`."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("This is no base64.") from fault


def grouped(fingerprint: str) -> str:
    """A fingerprint as it is read aloud: groups of four."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))


def plain(fingerprint: str) -> str:
    """A fingerprint as somebody typed it, without blanks, colons and capitals."""
    return "".join(fingerprint.lower().replace(":", " ").replace("-", " ").split())
