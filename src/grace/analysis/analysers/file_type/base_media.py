"""ISO base media files: MP4, MOV, 3GP, M4A, HEIC, AVIF, JPEG 2000; told by brand, ended by their boxes."""

from __future__ import annotations

import re

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks.boxes import box_at
from grace.analysis.analysers.walks.reading import Short, Steps, big

_BRANDS = {
    b"avif": ("image/avif", "AVIF"),
    b"avis": ("image/avif", "AVIF sequence"),
    b"heic": ("image/heic", "HEIC"),
    b"heix": ("image/heic", "HEIC"),
    b"heim": ("image/heic", "HEIC"),
    b"heis": ("image/heic", "HEIC"),
    b"hevc": ("image/heic", "HEIC sequence"),
    b"hevx": ("image/heic", "HEIC sequence"),
    b"crx ": ("image/x-canon-cr3", "CR3"),
    b"qt  ": ("video/quicktime", "QuickTime"),
    b"M4A ": ("audio/mp4", "M4A"),
    b"M4B ": ("audio/mp4", "M4B"),
    b"M4V ": ("video/mp4", "M4V"),
    b"jp2 ": ("image/jp2", "JPEG 2000"),
    b"jpx ": ("image/jpx", "JPEG 2000, extended"),
}
_OF_PICTURES = frozenset({b"mif1", b"msf1", b"miaf"})
_TOP = frozenset(
    name.ljust(4)
    for name in b"ftyp moov mdat free skip wide uuid moof mfra sidx styp meta pdin udta emsg prft ssix pnot PICT idat junk".split()
    + b"jP jp2h jp2c jp2i xml jumb".split()
)
_NAME = re.compile(rb"[\x20-\x7e\xa9][\x20-\x7e]{3}")
_OLD = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})


def _named(data: bytes, shape: Shape, size: int) -> None:
    """The type by the main brand, then by the compatible ones where the main one is of pictures in general."""
    main = data[8:12]
    others = [data[at : at + 4] for at in range(16, min(size, len(data), 512), 4)]
    shape.why += f", brand {main.decode('latin-1')!r}"
    if main in _BRANDS:
        shape.media_type, shape.name = _BRANDS[main]
    elif main[:2] == b"3g":
        video = b"vide" in data or b"vmhd" in data
        shape.media_type, shape.name = ("video/3gpp2" if main[:3] == b"3g2" else "video/3gpp"), "3GP" if video else "3GP, sound only"
    elif main in _OF_PICTURES:
        shape.media_type, shape.name = next(
            (_BRANDS[brand] for brand in others if brand in _BRANDS and _BRANDS[brand][0].startswith("image/")), ("image/heif", "HEIF")
        )
    elif main in {b"mp42", b"isom", b"iso2"} and b"M4A " in others and b"M4V " not in others and b"vmhd" not in data:
        shape.name = "MP4, sound only"


def _whole(data: bytes, shape: Shape, steps: Steps) -> None:
    """Where the boxes of the top level end. A second beginning is another file that was appended."""
    at, first, seen = 0, True, set[bytes]()
    while at + 8 <= len(data):
        steps.take()
        box = box_at(data, at, len(data))
        if box is None or (box.kind in {b"ftyp", b"jP  "} and not first and box.kind in seen):
            break
        fits = box.end <= len(data)
        if box.kind not in _TOP and not (fits and _NAME.fullmatch(box.kind)):
            break
        if not fits:
            raise Short(f"the box {box.kind.decode('latin-1')!r} at {at} is cut")
        seen.add(box.kind)
        at, first = box.end, False
    shape.end = at
    films = shape.media_type.startswith(("video/", "audio/"))
    if films and b"moov" not in seen and b"moof" not in seen:
        raise Short("the description of the film (moov) is missing")
    if not films and b"meta" not in seen and shape.media_type in {"image/heic", "image/avif", "image/heif"} and b"moov" not in seen:
        raise Short("the description of the picture (meta) is missing")


def _with_brand(data: bytes, shape: Shape, steps: Steps) -> None:
    size = big(data, 0, 4)
    if size < 8 and size != 1:
        raise WrongForm("ftyp without room")
    _named(data, shape, size)
    _whole(data, shape, steps)


def _jpeg_2000(data: bytes, shape: Shape, steps: Steps) -> None:
    if data[20:24] in _BRANDS:
        shape.media_type, shape.name = _BRANDS[data[20:24]]
    _whole(data, shape, steps)


def _without_brand(data: bytes, shape: Shape, steps: Steps) -> None:
    """QuickTime before it had brands: the first two boxes must be such as it had."""
    box = box_at(data, 0, len(data))
    if box is None or not (box.end >= len(data) or data[box.end + 4 : box.end + 8] in _OLD):
        raise WrongForm("no QuickTime")
    _whole(data, shape, steps)


FORMS = (
    Form("image/jp2", "JPEG 2000", b"\0\0\0\x0cjP  \r\n\x87\n", walk=_jpeg_2000),
    Form("video/mp4", "MP4", b"ftyp", 4, walk=_with_brand),
    *(Form("video/quicktime", "QuickTime", kind, 4, walk=_without_brand) for kind in sorted(_OLD)),
)
