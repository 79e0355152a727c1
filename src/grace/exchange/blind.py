"""Asking without saying: the oblivious pseudorandom function of RFC 9497, OPRF(ristretto255, SHA-512), base mode. Bytes in, bytes out.

Whoever asks blinds a subject, whoever holds the key evaluates what it cannot read, and the answer, unblinded, is the value of a keyed
function that neither could compute alone. The group's arithmetic is libsodium's (``rbcl``); this module adds the RFC's framing only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha512
from importlib import import_module
from typing import Any

from grace.kernel.errors import Invalid

ELEMENT_BYTES = 32
TAG_BYTES = 16
"""Of the function's 64 bytes: among a billion tags, a stranger's equals one of them once in 10**29 questions."""
_CONTEXT = b"OPRFV1-\x00-ristretto255-SHA512"
_MOST_INPUT = 65_535


@cache
def _group() -> Any:
    """libsodium, loaded when it is first needed: few processes ask or answer."""
    return import_module("rbcl")


@dataclass(frozen=True, slots=True)
class Blinded:
    """A subject that was blinded: ``element`` is sent, ``subject`` and ``factor`` stay."""

    subject: bytes
    element: bytes
    factor: bytes = field(repr=False)


def derive_key(seed: bytes, info: bytes) -> bytes:
    """The private key (RFC 9497, 3.2.1) that a seed of 32 bytes gives for a purpose. Raises ``ValueError`` for another seed."""
    if len(seed) != ELEMENT_BYTES:
        raise ValueError("a seed has 32 bytes")
    told = seed + _framed(info)
    for counter in range(256):
        key = bytes(_group().crypto_core_ristretto255_scalar_reduce(_expand(told + bytes([counter]), b"DeriveKeyPair" + _CONTEXT)))
        if any(key):
            return key
    raise ValueError("this seed gives no key")  # with a chance of 2**-64_000


def blind(subject: bytes, factor: bytes | None = None) -> Blinded:
    """A subject, blinded with a random factor; ``factor`` is given in tests only. Raises :class:`Invalid` for more than 65,535 bytes."""
    chosen = factor or _group().crypto_core_ristretto255_scalar_random()
    return Blinded(subject, _multiplied(chosen, _point_of(subject)), chosen)


def evaluate(key: bytes, element: bytes) -> bytes:
    """What the holder of the key makes of a blinded element. Raises :class:`Invalid` for what is no element of the group."""
    return _multiplied(key, element)


def unblind(asked: Blinded, evaluated: bytes) -> bytes:
    """The function's 64 bytes. Raises :class:`Invalid` for what is no element of the group."""
    return _finished(asked.subject, _multiplied(_group().crypto_core_ristretto255_scalar_invert(asked.factor), evaluated))


def value(key: bytes, subject: bytes) -> bytes:
    """The same 64 bytes, for whoever has the key: of its own subjects."""
    return _finished(subject, _multiplied(key, _point_of(subject)))


def tag(output: bytes) -> bytes:
    """The beginning of the function's value that is given away."""
    return output[:TAG_BYTES]


def tags(key: bytes, subjects: Iterable[bytes]) -> Sequence[bytes]:
    """The tags of subjects, sorted: their order tells nothing."""
    return sorted({tag(value(key, each)) for each in subjects})


def _multiplied(scalar: bytes, element: bytes) -> bytes:
    try:
        return bytes(_group().crypto_scalarmult_ristretto255(scalar, element))
    except (RuntimeError, ValueError, TypeError) as fault:
        raise Invalid(
            "This is no element of the group.", remedy="Ask again; the two installations may speak different versions."
        ) from fault


def _point_of(subject: bytes) -> bytes:
    _framed(subject)  # refuses what is too long before it is sent
    return bytes(_group().crypto_core_ristretto255_from_hash(_expand(subject, b"HashToGroup-" + _CONTEXT)))


def _finished(subject: bytes, element: bytes) -> bytes:
    return sha512(_framed(subject) + _framed(element) + b"Finalize").digest()


def _framed(told: bytes) -> bytes:
    if len(told) > _MOST_INPUT:
        raise Invalid("This is too long to be asked about.")
    return len(told).to_bytes(2, "big") + told


def _expand(message: bytes, purpose: bytes) -> bytes:
    """64 bytes by ``expand_message_xmd`` with SHA-512 (RFC 9380, 5.3.1); one block is all of them."""
    ending = purpose + bytes([len(purpose)])
    first = sha512(bytes(sha512().block_size) + message + (sha512().digest_size).to_bytes(2, "big") + b"\0" + ending).digest()
    return sha512(first + b"\x01" + ending).digest()
