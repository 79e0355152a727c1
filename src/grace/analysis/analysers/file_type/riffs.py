"""RIFF and its relatives: WebP, AVI, WAV, AIFF."""

from __future__ import annotations

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks.reading import Steps, big, little

_KINDS = {
    b"WEBP": ("image/webp", "WebP"),
    b"AVI ": ("video/x-msvideo", "AVI"),
    b"WAVE": ("audio/wav", "WAV"),
    b"RMID": ("audio/midi", "MIDI in RIFF"),
    b"ACON": ("application/x-navi-animation", "animated cursor"),
}
_STREAMED = frozenset({0, 0xFFFFFFFF})


def _riff(data: bytes, shape: Shape, steps: Steps) -> None:
    kind = data[8:12]
    if kind not in _KINDS:
        raise WrongForm("RIFF of no known kind")
    shape.media_type, shape.name = _KINDS[kind]
    size = little(data, 4, 4)
    if size in _STREAMED:
        return
    at = 8 + size
    while data[at + size % 2 : at + size % 2 + 4] == b"RIFF" and data[at + size % 2 + 8 : at + size % 2 + 12] == b"AVIX":
        steps.take()
        at += size % 2
        size = little(data, at + 4, 4)
        at += 8 + size
    shape.end = at + 1 if size % 2 and data[at : at + 1] == b"\0" else at


def _aiff(data: bytes, shape: Shape, steps: Steps) -> None:
    del steps
    if data[8:12] not in {b"AIFF", b"AIFC"}:
        raise WrongForm("FORM of no known kind")
    shape.end = 8 + big(data, 4, 4)


FORMS = (
    Form("application/x-riff", "RIFF", b"RIFF", walk=_riff),
    Form("audio/aiff", "AIFF", b"FORM", walk=_aiff),
)
