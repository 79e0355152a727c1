"""Our own form: the lines of a hash list in CSV, each read strictly; pure, and never more than one line in memory.

UTF-8 with or without a byte-order mark; the first line is ``algorithm,value,category,source,note``, with ``,video``
behind it where pictures of videos are listed: what a line names there is the video that its PDQ is a picture of. A value
cannot hold a line break, so a stray quote spoils one line and not the rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import LENGTHS, PDQ, read_hex
from grace.matching.formats.item import Fault, Item, unfit, video_key
from grace.matching.formats.lines import MOST_LINE_BYTES, Lines, cells_of, lines_of

HEADER = ["algorithm", "value", "category", "source", "note"]
WIDE = [*HEADER, "video"]

Line = tuple[str, bytes, str, str, str, str]
"""Algorithm, value, category, source, note, video."""


def knows(head: bytes) -> bool:
    """Whether a file that begins so is one of ours."""
    return _columns(head.split(b"\n", 1)[0]) is not None


def read_lines(stream: Lines) -> Iterator[Item | Fault]:
    """Every line but empty ones. Raises :class:`Invalid` where the header is not the expected one."""
    columns = _columns(stream.readline(MOST_LINE_BYTES))
    if columns is None:
        raise Invalid(
            _("Line 1 is not the header of a hash list."), remedy=_("Write %(header)s as the first line.") % {"header": ",".join(HEADER)}
        )
    for number, raw in lines_of(stream, first=2):
        yield raw if isinstance(raw, Fault) else _read_line(number, raw, columns)


def write_lines(entries: Iterable[Line], *, videos: bool = False) -> Iterator[bytes]:
    """The file, line by line; with the column of videos only where there are any, so that others read what they always read."""
    header = WIDE if videos else HEADER
    yield (",".join(header) + "\r\n").encode()
    text = io.StringIO()
    writer = csv.writer(text)
    for algorithm, value, *words in entries:
        writer.writerow([algorithm, value.hex(), *words][: len(header)])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _columns(raw: bytes) -> int | None:
    """How many columns a file has that begins so; None where it is none of ours."""
    written = [name.strip().strip('"') for name in raw.decode("utf-8-sig", errors="replace").strip().lower().split(",")]
    return len(written) if written in (HEADER, WIDE) else None


def _read_line(number: int, raw: bytes, columns: int) -> Item | Fault:
    cells = cells_of(number, raw, ",")
    if isinstance(cells, Fault):
        return cells
    if len(cells) != columns:
        return Fault(number, _("%(found)d columns instead of %(wanted)d") % {"found": len(cells), "wanted": columns})
    algorithm, written, category, source, note, video = (cell.strip() for cell in [*cells, ""][: len(WIDE)])
    value = read_hex(algorithm.lower(), written)
    if value is None:
        return Fault(number, _why_no_value(algorithm.lower()))
    if fault := unfit(category, source, note, video):
        return Fault(number, fault)
    if video and algorithm.lower() != PDQ:
        return Fault(number, _("only a PDQ is a picture of a video"))
    return Item(number, ((algorithm.lower(), value),), category, source, note, video_key(video) if video else "", video=video)


def _why_no_value(algorithm: str) -> str:
    if algorithm not in LENGTHS:
        return _("the algorithm is none of %(known)s") % {"known": ", ".join(LENGTHS)}
    return _("the value is not %(wanted)d hexadecimal digits") % {"wanted": 2 * LENGTHS[algorithm]}
