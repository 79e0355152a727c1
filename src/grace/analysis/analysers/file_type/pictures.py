"""How pictures end: JPEG, PNG, GIF, BMP, icons, TIFF, Photoshop."""

from __future__ import annotations

import re

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks import chunks, gif, jpeg
from grace.analysis.analysers.walks.reading import Short, Steps, big, little
from grace.analysis.analysers.walks.tiff import Entry, Tiff

_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_MOST_ICONS = 1_000
_APP_2, _SEVERAL, _COUNT, _MOST_FURTHER = 0xE2, b"MPF\0", 0xB001, 16
_FILL = 15


def _jpeg(data: bytes, shape: Shape, steps: Steps) -> None:
    """Pictures that follow, as phones write them, belong to it where it says how many they are (CIPA DC-007)."""
    further = 0
    for marker, start, end in jpeg.segments(data, steps):
        if marker == _APP_2 and data.startswith(_SEVERAL, start):
            further = _further_pictures(data[start + len(_SEVERAL) : end], steps)
        elif marker == jpeg.END:
            shape.end = end
    for number in range(1, further + 1):
        at = data.find(b"\xff\xd8\xff", shape.end)
        if at < 0 or data[shape.end : at].strip(b"\0"):
            return
        shape.end = next(end for marker, _, end in jpeg.segments(data, steps, at) if marker == jpeg.END)
        shape.name = f"JPEG with {number} further"


def _further_pictures(raw: bytes, steps: Steps) -> int:
    try:
        tiff = Tiff.of(raw)
        count = next((tiff.numbers(entry)[0] for entry in tiff.entries(tiff.first, steps) if entry.tag == _COUNT and entry.count == 1), 1)
    except (ValueError, IndexError):
        return 0
    return min(int(count) - 1, _MOST_FURTHER)


def _png(data: bytes, shape: Shape, steps: Steps) -> None:
    for name, _start, end in chunks.png(data, steps):
        if name == b"acTL":
            shape.name = "APNG"
        elif name == b"IEND":
            shape.end = end + 4


def _gif(data: bytes, shape: Shape, steps: Steps) -> None:
    for kind, _start, end in gif.blocks(data, steps):
        if kind == gif.TRAILER:
            shape.end = end


def _bmp(data: bytes, shape: Shape, steps: Steps) -> None:
    del steps
    header = little(data, 14, 4) if len(data) >= 18 else 0
    if header not in _BMP_HEADERS:
        raise WrongForm("BM and no header")
    stated, pixels = little(data, 2, 4), little(data, 10, 4)
    end = stated if stated >= pixels else 0
    if header >= 40:
        width, height = little(data, 18, 4), little(data, 22, 4)
        height = min(height, (1 << 32) - height)
        if little(data, 30, 4) in {0, 3}:  # no compression, so that the rows have a length
            end = max(end, pixels + (width * little(data, 28, 2) + 31) // 32 * 4 * height)
    shape.end = end or None


def _icon(data: bytes, shape: Shape, steps: Steps) -> None:
    count = little(data, 4, 2)
    if not 0 < count <= _MOST_ICONS:
        raise WrongForm("no icons")
    end = 6 + 16 * count
    for place in range(6, end, 16):
        steps.take()
        size, offset = little(data, place + 8, 4), little(data, place + 12, 4)
        if big(data, place + 3, 1) or offset < 6 + 16 * count or not size:
            raise WrongForm("no icon")
        shape.end = max(shape.end or 0, offset + size)


def _raw_camera(tags: dict[int, Entry], tiff: Tiff) -> tuple[str, str] | None:
    if 0xC612 in tags:
        return "image/x-adobe-dng", "DNG"
    make = tiff.raw(tags[0x10F]).lower() if 0x10F in tags else b""
    if tiff.data[8:10] == b"CR":
        return "image/x-canon-cr2", "CR2"
    if make.startswith(b"nikon") and 0x14A in tags:
        return "image/x-nikon-nef", "NEF"
    if make.startswith(b"sony") and 0x14A in tags:
        return "image/x-sony-arw", "ARW"
    return None


_POINTERS = frozenset({0x14A, 0x8769, 0x8825, 0xA005, 0xC634, 0x927C, 0x201})
"""Tags that lead to directories and data whose length nobody vouches for; with them, no end is told."""
_PLACES = {0x111: 0x117, 0x144: 0x145}


def _tiff(data: bytes, shape: Shape, steps: Steps) -> None:
    tiff = Tiff.of(data)
    end, knows_end = 8, True
    for at in tiff.chain(steps):
        end = max(end, tiff.behind(at)[0])
        tags = dict[int, Entry]()
        for entry in tiff.entries(at, steps):
            tags.setdefault(entry.tag, entry)
            end = max(end, entry.at + entry.size)
        knows_end = knows_end and not _POINTERS & tags.keys()
        raw = _raw_camera(tags, tiff)
        if raw:
            shape.media_type, shape.name = raw
        for offsets, sizes in _PLACES.items():
            if offsets in tags and sizes in tags:
                pairs = zip(tiff.numbers(tags[offsets]), tiff.numbers(tags[sizes]), strict=False)
                end = max(end, *(int(offset + size) for offset, size in pairs), 8)
    if knows_end or end > len(data):
        filled = end + _FILL >= len(data) and not data[end:].strip(b"\0")  # some writers fill up to a round number
        shape.end = len(data) if filled and end < len(data) else end


def _photoshop(data: bytes, shape: Shape, steps: Steps) -> None:
    """Its last part, the pixels, has no length; so only what comes before can be missing."""
    is_large = big(data, 4, 2) == 2
    if is_large:
        shape.name = "Photoshop, large"
    at = 26
    for width in (4, 4, 8 if is_large else 4):
        steps.take()
        at += width + big(data, at, width)
    if at >= len(data):
        raise Short("the pixels are missing")


_ANYMAP = re.compile(rb"P([456])\s+(?:#[^\n]*\n\s*)?(\d{1,7})\s+(\d{1,7})(?:\s+(\d{1,5}))?\s")


def _anymap(data: bytes, shape: Shape, steps: Steps) -> None:
    steps.take()
    head = _ANYMAP.match(data, 0, 512)
    if not head:
        raise WrongForm("no head of a portable map")
    width, height = int(head[2]), int(head[3])
    if head[1] == b"4":
        shape.end = (head.end(3) + 1) + (width + 7) // 8 * height
        return
    shape.end = head.end() + width * height * (3 if head[1] == b"6" else 1) * (2 if int(head[4] or 0) > 255 else 1)


FORMS = (
    Form("image/jpeg", "JPEG", b"\xff\xd8\xff", walk=_jpeg),
    Form("image/png", "PNG", b"\x89PNG\r\n\x1a\n", walk=_png),
    Form("image/gif", "GIF 87a", b"GIF87a", walk=_gif),
    Form("image/gif", "GIF 89a", b"GIF89a", walk=_gif),
    Form("image/tiff", "TIFF", b"II*\0", walk=_tiff),
    Form("image/tiff", "TIFF", b"MM\0*", walk=_tiff),
    Form("image/bmp", "BMP", b"BM", walk=_bmp),
    Form("image/vnd.microsoft.icon", "icon", b"\0\0\1\0", walk=_icon),
    Form("image/vnd.microsoft.icon", "cursor", b"\0\0\2\0", walk=_icon),
    Form("image/vnd.adobe.photoshop", "Photoshop", b"8BPS\0", walk=_photoshop),
    Form("image/jxl", "JPEG XL", b"\xff\x0a"),
    Form("image/jxl", "JPEG XL", b"\0\0\0\x0cJXL \r\n\x87\n"),
    Form("image/x-jp2-codestream", "JPEG 2000 codestream", b"\xff\x4f\xff\x51"),
    Form("image/vnd.djvu", "DjVu", b"AT&TFORM"),
    Form("image/x-portable-anymap", "PBM", b"P4", walk=_anymap),
    Form("image/x-portable-anymap", "PGM", b"P5", walk=_anymap),
    Form("image/x-portable-anymap", "PPM", b"P6", walk=_anymap),
)
