"""Agency keys: they wrap the data key of every object, lie in files, and never reach the database.

A key file ``agency-<id>.key`` holds 32 raw bytes. All such files beside the present key are known too, so that
objects sealed under an earlier key still open; every row names the key that wrapped it. A data key is wrapped with
AES-256-GCM under a random nonce, bound to its object and to the agency key's id; NIST SP 800-38D bounds that to 2^32
wraps for one agency key, after which a new one is due.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grace.evidence.errors import KeyAway, Tampered

KEY_BYTES = 32
_NONCE_BYTES = 12
_FILE = re.compile(r"^agency-(?P<id>[A-Za-z0-9][A-Za-z0-9._-]*)\.key$")


@dataclass(frozen=True, slots=True)
class AgencyKey:
    """One key of this agency."""

    id: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise KeyAway(f"The agency key “{self.id}” is not {KEY_BYTES} bytes long.", remedy="Restore the key file from its copy.")

    def wrap(self, object_id: UUID, data_key: bytes) -> bytes:
        """The data key, encrypted: nonce, then ciphertext with its tag (60 bytes)."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.secret).encrypt(nonce, data_key, self._bound_to(object_id))

    def unwrap(self, object_id: UUID, wrapped: bytes) -> bytes:
        """The data key. Raises :class:`Tampered` where it was not wrapped for this object by this key."""
        try:
            return AESGCM(self.secret).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], self._bound_to(object_id))
        except (InvalidTag, ValueError):
            raise Tampered(
                f"The key of object {object_id} does not open under the agency key “{self.id}”.",
                remedy="Compare the key file with its copy, and the object's row with the last backup.",
            ) from None

    def _bound_to(self, object_id: UUID) -> bytes:
        return b"grace data key 1\0" + object_id.bytes + self.id.encode()


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key that wraps now, and every key that may be asked to unwrap."""

    present: AgencyKey
    known: Mapping[str, AgencyKey]

    def unwrap(self, key_id: str, object_id: UUID, wrapped: bytes) -> bytes:
        """The data key of an object whose row names ``key_id``. Raises :class:`KeyAway` where that key is not known."""
        key = self.known.get(key_id)
        if key is None:
            raise KeyAway(f"The agency key “{key_id}” is not at hand.", remedy=f"Put agency-{key_id}.key beside the present key file.")
        return key.unwrap(object_id, wrapped)


def ring_of(*keys: AgencyKey) -> KeyRing:
    """A ring whose first key is the present one."""
    return KeyRing(keys[0], {key.id: key for key in keys})


def read_ring(present: Path) -> KeyRing:
    """The ring whose present key is the file ``present``, with all keys beside it.

    Raises :class:`KeyAway` where the file is missing, unreadable or not 32 bytes long.
    """
    earlier = sorted(path for path in present.parent.glob("agency-*.key") if path != present and _FILE.match(path.name))
    return ring_of(_read(present), *map(_read, earlier))


def _read(path: Path) -> AgencyKey:
    named = _FILE.match(path.name)
    try:
        return AgencyKey(named["id"] if named else path.stem, path.read_bytes())
    except OSError as failure:
        raise KeyAway(
            f"The agency key file {path.name} cannot be read: {failure.strerror}.",
            remedy="`grace up` makes one on first start; else restore its copy.",
        ) from None
