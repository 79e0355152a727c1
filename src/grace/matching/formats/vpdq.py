"""The text form of vPDQ (ThreatExchange): one line for each picture, ``number,quality,PDQ,seconds``; one file is one video.

A picture of a quality under 50 is not taken, and the same picture stands once. A video is taken whole or not at all: with
some of its pictures missing, all that is said of shares would be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import PDQ, read_hex
from grace.matching.formats.item import Fault, Item, Passed, Tellings, unfit, video_key
from grace.matching.formats.lines import Lines, lines_of
from grace.matching.videos import LEAST_QUALITY

MOST_PICTURES = 200_000
"""Different pictures of one video: at one a second, more than two days."""
_LINE = re.compile(r"\s*[0-9]{1,10}\s*,\s*([0-9]{1,3})\s*,\s*([0-9A-Fa-f]{64})\s*,\s*([0-9]{1,10}(?:\.[0-9]{1,20})?)\s*", re.ASCII)
_BOM = b"\xef\xbb\xbf"
_BEST = 100


def knows(head: bytes) -> bool:
    """Whether a file that begins so is such a text."""
    return _line(head.lstrip().split(b"\n", 1)[0]) is not None


def read(stream: Lines, label: str) -> Tellings:
    """What cannot be read or is not taken; then, where every line could be read, the video that is called so.

    Raises :class:`Invalid` for a label that cannot be kept, and for a video of too many pictures.
    """
    why = unfit("", "", "", label) if label else _("The file does not say what the video is called.")
    if why:
        raise Invalid(why, remedy=_("Say it when you load the file."))
    pictures: dict[bytes, None] = {}
    faults, last = 0, 0
    for number, told in _told(stream):
        if isinstance(told, Fault):
            faults += 1
            yield told
        elif isinstance(told, str):
            yield Passed(number, told)
        else:
            value, at = told
            last = max(last, at)
            if value in pictures:
                yield Passed(number, _("the same picture again"))
            pictures[value] = None
            if len(pictures) > MOST_PICTURES:
                raise Invalid(
                    _("The video has more than %(most)d different pictures.") % {"most": MOST_PICTURES},
                    remedy=_("Make its vPDQ anew, of one picture a second."),
                )
    if pictures and not faults:
        yield Item(1, tuple((PDQ, value) for value in pictures), key=video_key(label), video=label, milliseconds=last)


def _told(stream: Lines) -> Iterator[tuple[int, tuple[bytes, int] | str | Fault]]:
    """Each line's picture and when it stands in the video; or why it is not taken, or what is wrong with it."""
    for number, raw in lines_of(stream, first=1):
        if isinstance(raw, Fault):
            yield number, raw
        elif (line := _line(raw)) is None:
            yield number, Fault(number, _("not number, quality, PDQ and seconds of a picture"))
        elif line[0] < LEAST_QUALITY:
            yield number, _("a picture of too little detail")
        else:
            yield number, line[1:]


def _line(raw: bytes) -> tuple[int, bytes, int] | None:
    """Quality, PDQ, and when it stands in the video in milliseconds."""
    found = _LINE.fullmatch(raw.removeprefix(_BOM).decode("ascii", errors="replace"))
    value = read_hex(PDQ, found[2].lower()) if found else None
    if found is None or value is None or int(found[1]) > _BEST:
        return None
    return int(found[1]), value, int(1000 * float(found[3]))
