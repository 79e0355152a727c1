"""Our own form: the lines of a hash list in CSV, each read strictly; pure, and never more than one line in memory.

UTF-8 with or without a byte-order mark; the first line is ``algorithm,value,category,source,note``; a value cannot
hold a line break, so a stray quote spoils one line and not the rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import LENGTHS, read_hex
from grace.matching.formats.item import Fault, Item, unfit
from grace.matching.formats.lines import MOST_LINE_BYTES, Lines, cells_of, lines_of

HEADER = ["algorithm", "value", "category", "source", "note"]


def knows(head: bytes) -> bool:
    """Whether a file that begins so is one of ours."""
    return _is_header(head.split(b"\n", 1)[0])


def read_lines(stream: Lines) -> Iterator[Item | Fault]:
    """Every line but empty ones. Raises :class:`Invalid` where the header is not the expected one."""
    if not _is_header(stream.readline(MOST_LINE_BYTES)):
        raise Invalid(
            _("Line 1 is not the header of a hash list."), remedy=_("Write %(header)s as the first line.") % {"header": ",".join(HEADER)}
        )
    for number, raw in lines_of(stream, first=2):
        yield raw if isinstance(raw, Fault) else _read_line(number, raw)


def write_lines(entries: Iterable[tuple[str, bytes, str, str, str]]) -> Iterator[bytes]:
    """The file, line by line: algorithm, value, category, source, note."""
    yield (",".join(HEADER) + "\r\n").encode()
    text = io.StringIO()
    writer = csv.writer(text)
    for algorithm, value, *words in entries:
        writer.writerow([algorithm, value.hex(), *words])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _is_header(raw: bytes) -> bool:
    written = raw.decode("utf-8-sig", errors="replace").strip().lower().split(",")
    return [name.strip().strip('"') for name in written] == HEADER


def _read_line(number: int, raw: bytes) -> Item | Fault:
    cells = cells_of(number, raw, ",")
    if isinstance(cells, Fault):
        return cells
    if len(cells) != len(HEADER):
        return Fault(number, _("%(found)d columns instead of %(wanted)d") % {"found": len(cells), "wanted": len(HEADER)})
    algorithm, written, category, source, note = (cell.strip() for cell in cells)
    value = read_hex(algorithm.lower(), written)
    if value is None:
        return Fault(number, _why_no_value(algorithm.lower()))
    if fault := unfit(category, source, note):
        return Fault(number, fault)
    return Item(number, ((algorithm.lower(), value),), category, source, note)


def _why_no_value(algorithm: str) -> str:
    if algorithm not in LENGTHS:
        return _("the algorithm is none of %(known)s") % {"known": ", ".join(LENGTHS)}
    return _("the value is not %(wanted)d hexadecimal digits") % {"wanted": 2 * LENGTHS[algorithm]}
