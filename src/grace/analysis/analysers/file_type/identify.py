"""What bytes are: by the first bytes and a walk, else as sound or packets without a magic number, else as text."""

from __future__ import annotations

from contextlib import suppress

from grace.analysis.analysers.file_type import archives, base_media, documents, films, pictures, riffs, sounds, texts, zips
from grace.analysis.analysers.file_type.shape import Form, Shape, Walk, WrongForm
from grace.analysis.analysers.walks.reading import Endless, Short, Steps

UNKNOWN = "application/octet-stream"
FORMS: tuple[Form, ...] = (
    *pictures.FORMS,
    *riffs.FORMS,
    *documents.FORMS,
    *zips.FORMS,
    *archives.FORMS,
    *films.FORMS,
    *sounds.FORMS,
    *base_media.FORMS,
)
_BY_FIRST: dict[int, tuple[Form, ...]] = {
    first: tuple(form for form in FORMS if not form.at and form.magic[0] == first)
    for first in {form.magic[0] for form in FORMS if not form.at}
}
_ELSEWHERE = tuple(form for form in FORMS if form.at)
_ALSO_TEXT = frozenset({b"%PDF-", b"GIF87a", b"GIF89a", b"ftyp", b"RIFF"})
"""Beginnings that count even where everything around them is text; other words are words there."""
_WITHOUT_MAGIC: tuple[tuple[Form, Walk], ...] = (
    (Form("audio/mpeg", "MP3", b"\xff"), sounds.mp3),
    (Form("audio/aac", "AAC", b"\xff"), sounds.aac),
)
_PACKETS = Form("video/mp2t", "MPEG transport stream", b"G")


def _walked(form: Form, walk: Walk | None, data: bytes, steps: Steps) -> Shape | None:
    shape = form.shape(steps)
    if walk is None:
        return shape
    try:
        walk(data, shape, steps)
    except WrongForm:
        return None
    except Short as missing:
        shape.cut, shape.end = str(missing), None
    except Endless as too_long:
        shape.end = None
        shape.why += f"; {too_long}"
    except ValueError as odd:
        shape.cut, shape.end = f"the structure breaks: {odd}", None
    if shape.end is not None and shape.end > len(data):
        shape.cut, shape.end = f"{shape.end - len(data)} bytes are missing", None
    return shape


def _first_bytes(data: bytes, steps: Steps) -> Shape | None:
    is_text = texts.is_text(data)
    for form in (*_BY_FIRST.get(data[0], ()), *_ELSEWHERE):
        if form.matches(data) and (not is_text or form.magic in _ALSO_TEXT):
            shape = _walked(form, form.walk, data, steps)
            if shape is not None:
                return shape
    return None


def _old_tar(data: bytes, steps: Steps) -> Shape | None:
    """A tar from before it had a magic number, by the sum in its first header."""
    if len(data) < 1_024 or not data[148:154].strip(b" \0").isdigit():
        return None
    return _walked(Form("application/x-tar", "tar, old", b""), archives.tar, data, steps)


def _text(data: bytes, steps: Steps) -> Shape | None:
    """A text; where it stops being one, what follows may begin with letters in the last line."""
    shape = texts.shape_of(data, steps)
    if shape is not None and shape.end is not None:
        line = data.rfind(b"\n", 0, shape.end) + 1
        if 0 < line < shape.end and _first_bytes(data[line:], steps):
            shape.end = line
    return shape


def identify(data: bytes, steps: Steps) -> Shape | None:
    """The shape of the bytes; None where no form fits."""
    if not data:
        return None
    shape = _first_bytes(data, steps)
    if shape is None and data[0] == 0xFF:
        shape = next((found for form, walk in _WITHOUT_MAGIC if (found := _walked(form, walk, data, steps))), None)
    if shape is None:
        with suppress(Endless):
            shape = _text(data, steps)
    if shape is None and (data[0] == ord("G") or data[4:5] == b"G"):
        shape = _walked(_PACKETS, films.transport_stream, data, steps)
    return shape or _old_tar(data, steps)
