"""How films end: Matroska and WebM, FLV, ASF, MPEG streams."""

from __future__ import annotations

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks.chunks import ebml
from grace.analysis.analysers.walks.reading import Short, Steps, big, little, part

_HEAD, _SEGMENT = 0x1A45DFA3, 0x18538067
_DOC_TYPE, _TRACKS, _TRACK, _TRACK_TYPE = 0x4282, 0x1654AE6B, 0xAE, 0x83
_CLUSTER = 0x1F43B675
_VIDEO = 1


def _matroska(data: bytes, shape: Shape, steps: Steps) -> None:
    elements = ebml(data, steps, 0, len(data))
    name, at, end = next(elements)
    if name != _HEAD or end is None:
        raise WrongForm("no head of Matroska")
    kinds = [part(data, start, stop - start) for key, start, stop in ebml(data, steps, at, end) if key == _DOC_TYPE and stop is not None]
    is_web = bool(kinds) and kinds[0].rstrip(b"\0") == b"webm"
    shape.media_type, shape.name = ("video/webm", "WebM") if is_web else ("video/x-matroska", "Matroska")
    shape.why += f", says {kinds[0][:16].decode('latin-1')!r}" if kinds else ""
    at = end
    while data[at : at + 4] == _SEGMENT.to_bytes(4, "big") or (data[at : at + 1] in {b"\xec", b"\xbf"} and at > end):
        name, start, stop = next(ebml(data, steps, at, len(data)))
        if name == _SEGMENT and _only_sound(data, start, stop or len(data), steps):
            shape.media_type = "audio/webm" if is_web else "audio/x-matroska"
        if stop is None:  # written while it happened: its end is not stated
            return
        at = stop
    shape.end = at
    if at == end:
        raise Short("no segment follows the head")


def _only_sound(data: bytes, at: int, end: int, steps: Steps) -> bool:
    """Whether the tracks, which stand before the first cluster, are told and none is of video."""
    for key, start, stop in ebml(data, steps, at, end):
        if key == _CLUSTER:
            return False
        if key == _TRACKS and stop is not None:
            kinds = [
                data[inner : inner + 1]
                for track, inside, last in ebml(data, steps, start, stop)
                if track == _TRACK and last is not None
                for field, inner, _ in ebml(data, steps, inside, last)
                if field == _TRACK_TYPE
            ]
            return bool(kinds) and bytes([_VIDEO]) not in kinds
    return False


def _flash(data: bytes, shape: Shape, steps: Steps) -> None:
    at = big(data, 5, 4) + 4
    while at < len(data) and data[at] & 0x1F in {8, 9, 18}:
        steps.take()
        size = 11 + big(data, at + 1, 3)
        if big(data, at + size, 4) != size:
            break
        at += size + 4
    shape.end = at


_ASF_KNOWN = frozenset(
    bytes.fromhex(known)
    for known in (
        "3026b2758e66cf11a6d900aa0062ce6c",  # head
        "3626b2758e66cf11a6d900aa0062ce6c",  # data
        "90080033b1e5cf1189f400a0c90349cb",  # simple index
        "d329e2d6da35d111903400a0c90349be",  # index
        "f803b1fead12644c840f2a1d2f7ad48c",  # index of media objects
        "d03fb73c4a0c0348953dedf7b6228f0c",  # time code index
    )
)
_ASF_SOUND = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def _asf(data: bytes, shape: Shape, steps: Steps) -> None:
    at = 0
    while data[at : at + 16] in _ASF_KNOWN:
        steps.take()
        size = little(data, at + 16, 8)
        if size < 24:  # written while it happened: its length is not stated
            return
        if not at:
            head = data[:size]
            if _ASF_VIDEO in head:
                shape.media_type, shape.name = "video/x-ms-wmv", "WMV"
            elif _ASF_SOUND in head:
                shape.media_type, shape.name = "audio/x-ms-wma", "WMA"
        at += size
    shape.end = at


_PACK, _PACK_END = b"\0\0\1\xba", b"\0\0\1\xb9"


def _program_stream(data: bytes, shape: Shape, steps: Steps) -> None:
    at = 0
    while data[at : at + 3] == b"\0\0\1":
        steps.take()
        code = big(data, at + 3, 1)
        if code == 0xB9:
            at += 4
            break
        if code == 0xBA:
            at += 14 + (big(data, at + 13, 1) & 7) if big(data, at + 4, 1) >> 6 == 1 else 12
        elif code >= 0xBB:
            at += 6 + big(data, at + 4, 2)
        else:
            break
    shape.end = at


_PACKET = 188


def transport_stream(data: bytes, shape: Shape, steps: Steps) -> None:
    """A mark before each packet is all that there is; three at least, four bytes earlier on discs."""
    steps.take()
    for extra in (0, 4):
        marks = data[extra :: _PACKET + extra]
        count = len(marks) - len(marks.lstrip(b"G"))
        if count >= 3:
            shape.name += ", as on discs" if extra else ""
            shape.end = count * (_PACKET + extra)
            return
    raise WrongForm("no packets")


FORMS = (
    Form("video/x-matroska", "Matroska", b"\x1aE\xdf\xa3", walk=_matroska),
    Form("video/x-flv", "FLV", b"FLV\1", walk=_flash),
    Form("video/x-ms-asf", "ASF", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", walk=_asf),
    Form("video/mpeg", "MPEG program stream", _PACK, walk=_program_stream),
    Form("video/mpeg", "MPEG video", b"\0\0\1\xb3"),
    Form("application/vnd.rn-realmedia", "RealMedia", b".RMF\0\0"),
    Form("application/x-shockwave-flash", "Flash", b"FWS"),
    Form("application/x-shockwave-flash", "Flash", b"CWS"),
)
