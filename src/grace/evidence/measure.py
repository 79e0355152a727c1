"""The hashes of bytes that are not kept: three digests, and the fingerprint of a picture or video, made in the decoding process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from grace.evidence.decoding import here
from grace.evidence.decoding.port import VIDEO, Limits, NotDecoded, Printed, Reason
from grace.evidence.vault.digests import Digests, Reading


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file's bytes come to: nothing of them is stored."""

    digests: Digests
    found: Printed | NotDecoded


def measure(stream: BinaryIO, video: Limits = VIDEO) -> Measured:
    """Read a stream that can be read again from its start; ``video`` is what a video may cost, which is then seen in part.

    Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run.
    """
    reading = Reading(stream)
    for _ in reading.frames():
        pass
    digests = reading.digests()
    kind = digests.media_type.partition("/")[0]
    if kind not in {"image", "video"}:
        return Measured(digests, NotDecoded(Reason.EMPTY if not digests.size else Reason.FORMAT))
    stream.seek(0)
    decoder = here.decoder()
    return Measured(digests, decoder.fingerprint(stream) if kind == "image" else decoder.fingerprint_video(stream, video))
