"""What keeps a document from being taken by the reporting server: the schema's rules, and those that stand beside it.

As strict as the schema where software that follows it would be told so (order, number, types, lists of values), and as
tolerant as real clients need: elements and attributes that the schema does not have are newer or a sender's own, and
pass; a flag counts by being there; two incident types are met in older and misspelt forms. A fault says what and where, and
never repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from grace.identifiers import moments
from grace.intake.formats.cybertipline.deviations import is_raised
from grace.intake.formats.cybertipline.document import Node
from grace.intake.formats.cybertipline.schema import Shape

MOST_FAULTS = 20
"""Faults that are told of one document."""
AHEAD = timedelta(minutes=10)
"""How far a sender's clock may be ahead of ours."""
WIDEST_ZONE = timedelta(hours=14)
"""A time without a zone may stand in any: so far ahead of UTC is the farthest."""

ALSO_TAKEN = frozenset({"Online Enticement of Children for Sexual Act", "Child Sexual Molestation (not by family member)"})
"""Incident types that the schema does not list and clients send: one misspelt, one of 2016."""

_TRUTHS = frozenset({"true", "false", "1", "0"})
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
_DATE = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_ZONE}")
_TIME = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?{_ZONE}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?|-?INF|NaN")
_RANGES = {"int": 1 << 31, "long": 1 << 63}
_NAMED = {
    "boolean": "true or false",
    "date": "a date such as 2026-03-01",
    "dateTime": "a date and time such as 2026-03-01T08:00:00Z",
    "double": "a number",
    "flag": "empty or true",
    "int": "a whole number",
    "long": "a whole number",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the document breaks a rule, as a path, and which; neither holds a value of the document."""

    path: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}"


def report_faults(report: Node, now: datetime) -> Iterator[Fault]:
    """What keeps a ``report`` from being taken."""
    yield from _faults(report)
    summary, reporter = report.one("incidentSummary"), report.one("reporter")
    at = summary.one("incidentDateTime") if summary else None
    if at is not None and _lies_ahead(at, now):
        yield Fault(at.path, "the incident must lie in the past")
    person = reporter.one("reportingPerson") if reporter else None
    if person is not None and not any(each.stated() for each in person.all("email")):
        yield Fault(person.path, "the reporting person needs an email")


def file_faults(details: Node) -> Iterator[Fault]:
    """What keeps a ``fileDetails`` from being taken."""
    yield from _faults(details)
    exif, viewed = details.one("exifViewedByEsp"), details.one("fileViewedByEsp")
    if exif is not None and _is_true(exif) and not (viewed is not None and _is_true(viewed)):
        yield Fault(exif.path, "where this is true, fileViewedByEsp must be true")


def finishing_faults(details: Node) -> Iterator[Fault]:
    """What keeps a report with these ``fileDetails`` from being finished."""
    if details.value("fileRelevance") != "Supplemental Reported":
        return
    if details.value("industryClassification"):
        yield Fault(details.path, "a supplemental file takes no industryClassification")
    annotations = details.one("fileAnnotations")
    memes = [details.one("potentialMeme"), annotations.one("potentialMeme") if annotations else None]
    if any(each is not None and is_raised(each) for each in memes):
        yield Fault(details.path, "a supplemental file takes no potentialMeme")


def _lies_ahead(at: Node, now: datetime) -> bool:
    moment = moments.read(at.text.strip())
    if moment.at is not None:
        return moment.at > now + AHEAD
    return moment.wall is not None and moment.wall > now.replace(tzinfo=None) + WIDEST_ZONE + AHEAD


def _is_true(node: Node) -> bool:
    return node.text.strip() in {"true", "1"}


def _faults(node: Node) -> Iterator[Fault]:
    """The faults of an element and of all below it that the schema knows."""
    yield from _of_children(node)
    if not node.shape.children:
        yield from _of_value(node.path, node.text, node.shape)
    for name, value in node.attributes.items():
        if name in node.shape.attributes:
            yield from _of_value(f"{node.path}/@{name}", value, node.shape.attributes[name])
    for child in node.children:
        if child.known:
            yield from _faults(child)


def _of_children(node: Node) -> Iterator[Fault]:
    shape = node.shape
    known = [child for child in node.children if child.known]
    counts: dict[str, int] = {}
    for child in known:
        counts[child.name] = counts.get(child.name, 0) + 1
        if counts[child.name] == 2 and child.name not in shape.many:
            yield Fault(child.path, "this element may stand here once")
    if shape.ordered:
        yield from _out_of_order(known, list(shape.children))
    if shape.choice and len(known) != 1 and len(known) == len(node.children):
        yield Fault(node.path, f"exactly one of these is needed: {', '.join(shape.children)}")
    for name in shape.children:
        if name in shape.needed and name not in counts:
            yield Fault(node.path, f"{name} is missing")


def _out_of_order(known: list[Node], order: list[str]) -> Iterator[Fault]:
    """The first child that stands behind one that must follow it."""
    places = [order.index(child.name) for child in known]
    for before, after, child in zip(places, places[1:], known[1:], strict=False):
        if after < before:
            yield Fault(child.path, f"{child.name} must stand before {order[before]}")
            return


def _of_value(path: str, text: str, shape: Shape) -> Iterator[Fault]:
    said = text.strip()
    if shape.values and said not in shape.values and said not in ALSO_TAKEN:
        yield Fault(path, f"one of these is needed: {'; '.join(sorted(shape.values))}")
    if not shape.values and not _fits(said, shape.type):
        yield Fault(path, f"{_NAMED[shape.type]} is needed")
    if shape.longest and len(text) > shape.longest:
        yield Fault(path, f"at most {shape.longest} characters may stand here")
    if shape.pattern and not re.fullmatch(shape.pattern, text):
        yield Fault(path, f"this must look like {shape.pattern}")


def _fits(said: str, kind: str) -> bool:
    """Whether a text without blanks around it is a value of the type."""
    if kind == "flag":  # an explicit no is no flag; the reader notes it
        return not said or said in _TRUTHS
    if kind == "boolean":
        return said in _TRUTHS
    if kind in _RANGES:
        return _WHOLE.fullmatch(said) is not None and -_RANGES[kind] <= int(said) < _RANGES[kind]
    if kind == "double":
        return _DOUBLE.fullmatch(said) is not None
    if kind in {"date", "dateTime"}:
        return (_DATE if kind == "date" else _TIME).fullmatch(said) is not None and _is_a_day(said[:10])
    return True


def _is_a_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return True
