"""How sounds end: OGG, FLAC, MP3, AAC, AMR, MIDI."""

from __future__ import annotations

from grace.analysis.analysers.file_type.shape import Form, Shape, WrongForm
from grace.analysis.analysers.walks.reading import Short, Steps, big, little, part

_CODECS = (
    (b"\x01vorbis", "audio/ogg", "OGG Vorbis"),
    (b"OpusHead", "audio/ogg", "OGG Opus"),
    (b"\x80theora", "video/ogg", "OGG Theora"),
    (b"\x7fFLAC", "audio/ogg", "OGG FLAC"),
    (b"Speex   ", "audio/ogg", "OGG Speex"),
    (b"OVP80", "video/ogg", "OGG VP8"),
)


def _ogg(data: bytes, shape: Shape, steps: Steps) -> None:
    """Pages up to the last one; a video stream wins over the sound beside it."""
    at, is_last = 0, False
    while data[at : at + 4] == b"OggS":
        steps.take()
        flags, count = big(data, at + 5, 1), big(data, at + 26, 1)
        body = at + 27 + count
        if flags & 2 and shape.media_type != "video/ogg":
            shape.media_type, shape.name = next(
                ((kind, name) for magic, kind, name in _CODECS if data.startswith(magic, body)), (shape.media_type, shape.name)
            )
        size = sum(part(data, at + 27, count))
        if body + size > len(data):
            raise Short("a page of the OGG is cut")
        at, is_last = body + size, bool(flags & 4)
    shape.end = at
    if not is_last:
        raise Short("no page says that it is the last")


def _flac(data: bytes, shape: Shape, steps: Steps) -> None:
    """The frames have no length, so the end is not told."""
    at, is_last = 4, False
    while not is_last:
        steps.take()
        is_last = bool(big(data, at, 1) & 0x80)
        at += 4 + big(data, at + 1, 3)
    if data[at : at + 1] != b"\xff":
        raise Short("no sound follows the head")
    del shape


_RATES = (44_100, 48_000, 32_000)
_KBITS = {
    (1, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Kilobits a second by version (1, or 2 and 2.5) and by layer as it is coded (3: I, 2: II, 1: III)."""


def frame_of_mpeg(data: bytes, at: int) -> int:
    """The length of the frame of MPEG sound at an offset; 0 where none begins."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    rate, bits, padding = data[at + 2] >> 2 & 3, data[at + 2] >> 4, data[at + 2] >> 1 & 1
    if version == 1 or layer == 0 or rate == 3 or bits in {0, 15}:
        return 0
    hertz = _RATES[rate] // {3: 1, 2: 2, 0: 4}[version]
    speed = _KBITS[1 if version == 3 else 2, layer][bits - 1] * 1_000
    if layer == 3:
        return (12 * speed // hertz + padding) * 4
    return (72 if layer == 1 and version != 3 else 144) * speed // hertz + padding


def _after_tag(data: bytes) -> int:
    """Where an ID3 tag at the beginning ends; 0 where there is none."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = (data[6] & 127) << 21 | (data[7] & 127) << 14 | (data[8] & 127) << 7 | data[9] & 127
    return 10 + size + (10 if data[5] & 0x10 else 0)


def _tags_behind(data: bytes, at: int) -> int:
    """Tags that stand behind the sound belong to it."""
    if data[at : at + 8] == b"APETAGEX" and at + 32 <= len(data):
        at += 32 + little(data, at + 12, 4)
    if data[at : at + 11] == b"LYRICSBEGIN":
        end = data.find(b"LYRICS200", at)
        at = end + 9 if end >= 0 else at
    return at + 128 if data[at : at + 3] == b"TAG" and at + 128 <= len(data) else at


def mp3(data: bytes, shape: Shape, steps: Steps) -> None:
    """Frames in a row; without a tag before them, three are asked for, or all that there are."""
    tagged = at = _after_tag(data)
    if tagged > len(data):
        raise Short("the tag is cut")
    while at < len(data) and data[at] == 0 and tagged:  # some writers fill up behind the tag
        steps.take()
        at += 1
    if data.startswith(b"fLaC", at):
        shape.media_type, shape.name = "audio/flac", "FLAC behind an ID3 tag"
        return
    if not frame_of_mpeg(data, at) and tagged and _frame_of_aac(data, at):
        aac(data[at:], shape, steps)
        shape.media_type, shape.name = "audio/aac", "AAC behind an ID3 tag"
        shape.end = at + shape.end if shape.end else None
        return
    layer = {3: "MP1", 2: "MP2", 1: "MP3", 0: "MP3"}[data[at + 1] >> 1 & 3] if at + 1 < len(data) else "MP3"
    shape.name, frames = layer if frame_of_mpeg(data, at) else "MP3", 0
    while size := frame_of_mpeg(data, at):
        steps.take()
        if at + size > len(data):
            raise Short("the last frame is cut")
        at, frames = at + size, frames + 1
    if not tagged and frames < 3:
        raise WrongForm("too few frames for sound")
    shape.end = _tags_behind(data, at) if frames else None


def _frame_of_aac(data: bytes, at: int) -> int:
    if at + 7 > len(data) or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0 or data[at + 2] >> 2 & 15 > 12:
        return 0
    size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    return size if size >= 7 else 0


def aac(data: bytes, shape: Shape, steps: Steps) -> None:
    """Frames in a row, three at least."""
    at = frames = 0
    while size := _frame_of_aac(data, at):
        steps.take()
        if at + size > len(data):
            if frames < 3:
                break
            raise Short("the last frame is cut")
        at, frames = at + size, frames + 1
    if frames < 3:
        raise WrongForm("too few frames for sound")
    shape.end = _tags_behind(data, at)


_AMR = {b"#!AMR\n": (12, 13, 15, 17, 19, 20, 26, 31, 5), b"#!AMR-WB\n": (17, 23, 32, 36, 40, 46, 50, 58, 60, 5)}


def _amr(data: bytes, shape: Shape, steps: Steps) -> None:
    at = data.index(b"\n") + 1
    sizes = _AMR[data[:at]]
    while at < len(data):
        steps.take()
        mode = data[at] >> 3 & 15
        if data[at] & 0x83 or (mode >= len(sizes) and mode != 15):
            break
        at += sizes[mode] + 1 if mode < len(sizes) else 1
    shape.end = at


def _midi(data: bytes, shape: Shape, steps: Steps) -> None:
    tracks, at = big(data, 10, 2), 8 + big(data, 4, 4)
    while tracks:
        steps.take()
        tracks -= part(data, at, 4) == b"MTrk"
        at += 8 + big(data, at + 4, 4)
    shape.end = at


FORMS = (
    Form("application/ogg", "OGG", b"OggS\0", walk=_ogg),
    Form("audio/flac", "FLAC", b"fLaC", walk=_flac),
    Form("audio/mpeg", "MP3", b"ID3", walk=mp3),
    Form("audio/amr", "AMR", b"#!AMR\n", walk=_amr),
    Form("audio/amr-wb", "AMR-WB", b"#!AMR-WB\n", walk=_amr),
    Form("audio/midi", "MIDI", b"MThd\0\0\0\x06", walk=_midi),
    Form("audio/basic", "AU", b".snd\0\0\0"),
    Form("audio/x-caf", "CAF", b"caff\0\1"),
    Form("audio/ac3", "AC-3", b"\x0b\x77"),
    Form("audio/x-wavpack", "WavPack", b"wvpk"),
    Form("audio/x-ape", "Monkey's Audio", b"MAC "),
)
