"""INTERPOL ICSE's table: cells parted by semicolons, in the order that its header names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import read_hex
from grace.matching.formats.item import MOST_CATEGORY, MOST_FACT, MOST_KEY, Fact, Fault, Item, Passed, Tellings, Told, tidy
from grace.matching.formats.lines import MOST_LINE_BYTES, Lines, cells_of, lines_of
from grace.matching.formats.vics import Wrong, flag_of, photodna_of

HEADER = (
    "MD5",
    "SHA1",
    "PhotoDNA",
    "Image ID",
    "Is distributed",
    "Victim identified",
    "Offender identified",
    "Series name",
    "Number of submissions",
    "File Available",
    "Media Type",
    "Baseline",
)
BASELINE = "baseline"
_NEEDED = frozenset({"md5", "sha1"})
_FLAGS: Mapping[str, str] = {
    "is distributed": "distributed",
    "victim identified": "victim_identified",
    "offender identified": "offender_identified",
    "file available": "file_available",
}
_TEXTS: Mapping[str, str] = {"series name": "series", "media type": "media_type", "baseline": "baseline"}
_MOST_SUBMISSIONS = 1 << 31


def knows(head: bytes) -> bool:
    """Whether a file that begins so is such a table."""
    return set(_names(head.split(b"\n", 1)[0])) > _NEEDED and b";" in head.split(b"\n", 1)[0]


def read(stream: Lines) -> Tellings:
    """Every line. Raises :class:`Invalid` where the header names neither MD5 nor SHA1."""
    names = _names(stream.readline(MOST_LINE_BYTES))
    if not _NEEDED & set(names) or len(set(names)) < len(names):
        raise Invalid(_("Line 1 is not the header of an ICSE table."), remedy=_("It begins MD5;SHA1;PhotoDNA;Image ID;…"))
    for number, raw in lines_of(stream, first=2):
        yield raw if isinstance(raw, Fault) else _line(number, raw, names)


def write(items: Iterable[Item]) -> Iterator[bytes]:
    """The table, line by line."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    yield text.getvalue().encode()
    for item in items:
        text.seek(0)
        text.truncate()
        writer.writerow(_row(item))
        yield text.getvalue().encode()


def _names(raw: bytes) -> list[str]:
    cells = raw.decode("utf-8-sig", errors="replace").strip().split(";")
    return [cell.strip().strip('"').strip().lower() for cell in cells]


def _line(number: int, raw: bytes, names: list[str]) -> Told:
    cells = cells_of(number, raw, ";")
    if isinstance(cells, Fault):
        return cells
    if len(cells) != len(names):
        return Fault(number, _("%(found)d columns instead of %(wanted)d") % {"found": len(cells), "wanted": len(names)})
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
    try:
        digests = tuple((name, _hash(name, said[name])) for name in ("md5", "sha1") if name in said)
        facts = _facts(said)
    except Wrong as fault:
        return Fault(number, str(fault))
    if not digests:
        return Passed(number, _("it names nothing that can be looked up"))
    key = tidy(said.get("image id", ""), MOST_KEY) or f"{digests[0][0]}:{digests[0][1].hex()}"
    return Item(number, digests, _category(str(facts.get("baseline", ""))), "", "", key, facts)


def _category(baseline: str) -> str:
    """What the table says of the international baseline, in a word; nothing where it says nothing, or no."""
    try:
        return BASELINE if flag_of(baseline, "") else ""
    except Wrong:
        return tidy(baseline, MOST_CATEGORY)


def _hash(name: str, written: str) -> bytes:
    raw = read_hex(name, written)
    if raw is None:
        raise Wrong(_("the %(name)s is not a hash of its kind") % {"name": name})
    return raw


def _facts(said: Mapping[str, str]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    if "photodna" in said:
        facts["photodna"] = photodna_of(said["photodna"])
    for name, fact in _FLAGS.items():
        if (flag := flag_of(said.get(name), name)) is not None:
            facts[fact] = flag
    facts |= {fact: tidy(said[name], MOST_FACT) for name, fact in _TEXTS.items() if name in said}
    submissions = said.get("number of submissions", "")
    if submissions:
        if not submissions.isascii() or not submissions.isdecimal() or len(submissions) > 10 or int(submissions) > _MOST_SUBMISSIONS:
            raise Wrong(_("the %(name)s is not a whole number that it could be") % {"name": "number of submissions"})
        facts["submissions"] = int(submissions)
    return facts


def _row(item: Item) -> list[str]:
    digests, facts = dict(item.digests), item.facts
    hashes = [digests[name].hex().upper() if name in digests else "" for name in ("md5", "sha1")]
    flags = {name: "" if fact not in facts else "true" if facts[fact] else "false" for name, fact in _FLAGS.items()}
    known_by = "" if ":" in item.key and item.key.split(":", 1)[0] in {"md5", "sha1", "sha256", "pdq"} else item.key
    return [
        *hashes,
        str(facts.get("photodna", "")),
        known_by,
        flags["is distributed"],
        flags["victim identified"],
        flags["offender identified"],
        str(facts.get("series", "")),
        str(facts.get("submissions", "")),
        flags["file available"],
        str(facts.get("media_type", "")),
        str(facts.get("baseline", "")),
    ]
