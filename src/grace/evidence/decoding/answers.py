"""Read a worker's answer as a stranger's: types, ranges and lengths are checked, and None means nonsense."""

from __future__ import annotations

from typing import Any

from grace.evidence.decoding import wire
from grace.evidence.decoding.port import Limits, Pages, Preview, Printed
from grace.sdk import video
from grace.sdk.analysis import Fingerprint, Picture

_MOST_PREVIEW = 16 << 20
_PDQ_HEX = 64
_MOST_VIDEO = 1 << 20


def read_picture(source: wire.Wire, header: dict[str, Any], limits: Limits) -> Picture | None:
    """Pixels: exactly as many as width and height say."""
    size = _size(header, limits)
    if size is None:
        return None
    rgb = wire.receive_content(source, size[0] * size[1] * 3)
    return Picture(*size, rgb) if len(rgb) == size[0] * size[1] * 3 else None


def read_preview(source: wire.Wire, header: dict[str, Any], limits: Limits) -> Preview | None:
    """Bytes that start and end as a JPEG does."""
    size = _size(header, limits)
    jpeg = wire.receive_content(source, _MOST_PREVIEW)
    fits = size is not None and jpeg.startswith(b"\xff\xd8\xff") and jpeg.endswith(b"\xff\xd9")
    return Preview(*size, jpeg) if size and fits else None


def read_printed(source: wire.Wire, header: dict[str, Any], limits: Limits) -> Printed | None:
    """A PDQ of 64 hexadecimal digits and a quality of 0 to 100."""
    wire.receive_content(source, 0)
    size, value, quality = _size(header, limits), header.get("value"), header.get("quality")
    if size is None or not isinstance(value, str) or len(value) != _PDQ_HEX or type(quality) is not int or not 0 <= quality <= 100:
        return None
    try:
        return Printed(*size, Fingerprint("pdq", bytes.fromhex(value), quality))
    except ValueError:
        return None


def read_printed_video(source: wire.Wire, header: dict[str, Any], limits: Limits) -> Printed | None:
    """Bytes that are a vPDQ fingerprint."""
    size = _size(header, limits)
    value = wire.receive_content(source, _MOST_VIDEO)
    try:
        return Printed(*size, video.pack(video.unpack(value))) if size else None
    except ValueError:
        return None


def read_pages(source: wire.Wire, header: dict[str, Any], limits: Limits) -> Pages | None:
    """Texts in UTF-8 with form feeds between, as many as the header says."""
    content = wire.receive_content(source, 4 * limits.most_characters + limits.most_pages)
    count, total = header.get("pages"), header.get("total")
    if type(count) is not int or type(total) is not int or not 0 <= count <= total <= limits.most_pages:
        return None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    texts = tuple(text.split("\f")) if count else ()
    return Pages(texts, total) if len(texts) == count and len(text) - count < limits.most_characters else None


def _size(header: dict[str, Any], limits: Limits) -> tuple[int, int] | None:
    width, height = header.get("width"), header.get("height")
    if type(width) is not int or type(height) is not int or width < 1 or height < 1 or width * height > limits.most_pixels:
        return None
    return width, height
