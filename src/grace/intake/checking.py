"""What a provider hands in, looked at before it is kept: XML that the reporting server takes, or the refusal that says why not."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from grace.intake.codes import Code, ReportRefused
from grace.intake.formats.cybertipline.document import Node, Walk, parse
from grace.intake.formats.cybertipline.schema import ROOTS
from grace.intake.formats.cybertipline.validation import MOST_FAULTS, Fault, file_faults, finishing_faults, report_faults
from grace.sdk.intake import Unreadable

MOST_DIGITS = 18
MOST_VALUES = 2_000
"""Values that may be said of one file: all files of a report are read together."""


@dataclass(frozen=True, slots=True)
class Named:
    """Which file of which report a ``fileDetails`` speaks of."""

    number: int
    key: str


def check_report(body: bytes, now: datetime) -> None:
    """Raise :class:`ReportRefused` for XML that is no report, or one that breaks the rules."""
    _refuse(report_faults(_root(body, "report"), now))


def check_details(body: bytes) -> Named:
    """Of which file the document speaks. Raises :class:`ReportRefused`."""
    details = _root(body, "fileDetails", MOST_VALUES)
    _refuse(file_faults(details))
    return Named(number_of(details.value("reportId")), details.value("fileId") or "")


def check_finish(documents: Iterable[tuple[str, bytes]]) -> None:
    """Raise :class:`ReportRefused` where what was said of the files (by key) keeps the report from being finished."""
    for key, body in documents:
        _refuse(Fault(f"file {key}: {each.path}", each.rule) for each in finishing_faults(_root(body, "fileDetails")))


def is_escalated(body: bytes) -> bool:
    """Whether a report that was checked before calls itself urgent."""
    summary = _root(body, "report").one("incidentSummary")
    return summary is not None and summary.one("escalateToHighPriority") is not None


def number_of(written: str | None) -> int:
    """A report's number as it came. Raises :class:`ReportRefused` for what is no number."""
    said = (written or "").strip()
    if not (said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS):
        raise ReportRefused(Code.INVALID_REQUEST, "The id of the report is missing or no number.")
    return int(said)


def _root(body: bytes, name: str, most: int | None = None) -> Node:
    try:
        root = parse(io.BytesIO(body))
        if etree.QName(root).localname != name:
            raise ReportRefused(Code.VALIDATION_FAILED, f"The root element must be {name}.")
        walk = Walk()
        node = walk.root(root, ROOTS[name])
    except Unreadable as fault:
        raise ReportRefused(Code.MALFORMED_XML, fault.message) from fault
    if most is not None and len(walk.leaves) > most:
        raise ReportRefused(Code.VALIDATION_FAILED, f"The document may hold {most} values.")
    return node


def _refuse(faults: Iterable[Fault]) -> None:
    told = [str(each) for each, _ in zip(faults, range(MOST_FAULTS), strict=False)]
    if told:
        raise ReportRefused(Code.VALIDATION_FAILED, "Validation failed. " + "; ".join(told))
