"""The hashes of bytes that are not kept: three digests, and the fingerprint of a picture, made in the decoding process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from grace.evidence.decoding import here
from grace.evidence.decoding.port import NotDecoded, Printed, Reason
from grace.evidence.vault.digests import Digests, Reading


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file's bytes come to: nothing of them is stored."""

    digests: Digests
    found: Printed | NotDecoded


def measure(stream: BinaryIO) -> Measured:
    """Read a stream that can be read again from its start. Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run."""
    reading = Reading(stream)
    for _ in reading.frames():
        pass
    digests = reading.digests()
    if not digests.media_type.startswith("image/"):
        return Measured(digests, NotDecoded(Reason.EMPTY if not digests.size else Reason.FORMAT))
    stream.seek(0)
    return Measured(digests, here.decoder().fingerprint(stream))
