"""The NSRL's Reference Data Set, version 2: a table of files of published software. Known, which is not to say good."""

from __future__ import annotations

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import read_hex
from grace.matching.formats.item import Fault, Item, Tellings, Told
from grace.matching.formats.lines import MOST_LINE_BYTES, Lines, cells_of, lines_of
from grace.matching.formats.nsrl_rows import package_key, size_fact

COLUMNS = {"sha-1": "sha1", "md5": "md5", "filesize": "size", "productcode": "package"}


def knows(head: bytes) -> bool:
    """Whether a file that begins so is such a table."""
    names = _names(head.split(b"\n", 1)[0])
    return "sha-1" in names and "productcode" in names


def read(stream: Lines) -> Tellings:
    """Every line. Raises :class:`Invalid` for another header. Names of files are read past; they are often not UTF-8."""
    names = _names(stream.readline(MOST_LINE_BYTES))
    if "sha-1" not in names and "md5" not in names:
        raise Invalid(_("Line 1 is not the header of an NSRL file."), remedy=_("It begins “SHA-1”,“MD5”,“CRC32”,…"))
    for number, raw in lines_of(stream, first=2):
        yield raw if isinstance(raw, Fault) else _line(number, raw, names)


def _names(raw: bytes) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in raw.decode("utf-8-sig", errors="replace").strip().split(",")]


def _line(number: int, raw: bytes, names: list[str]) -> Told:
    cells = cells_of(number, raw, ",", strays=True)
    if isinstance(cells, Fault):
        return cells
    if len(cells) != len(names):
        return Fault(number, _("%(found)d columns instead of %(wanted)d") % {"found": len(cells), "wanted": len(names)})
    said = {COLUMNS[name]: cell.strip() for name, cell in zip(names, cells, strict=True) if name in COLUMNS}
    written = {name: said[name] for name in ("md5", "sha1") if said.get(name)}
    digests = {name: read_hex(name, value) for name, value in written.items()}
    if not digests or None in digests.values():
        return Fault(number, _("no hash, or one that is not of its kind"))
    found = tuple((name, value) for name, value in digests.items() if value is not None)
    return Item(number, found, key=package_key(said.get("package", "")), facts=size_fact(said.get("size", "")))
