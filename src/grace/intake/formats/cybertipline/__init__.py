"""The XML that providers send to the CyberTipline: a report and one document per file, in a folder or a ZIP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname

from lxml import etree

from grace.intake.formats.cybertipline.document import Node, Walk, parse
from grace.intake.formats.cybertipline.examples import EXAMPLES
from grace.intake.formats.cybertipline.reading import FORMAT_NAME, read_fragment, read_report
from grace.intake.formats.cybertipline.schema import CARRIES, ROOTS
from grace.intake.formats.room import Room
from grace.sdk.intake import Leaf, Member, Package, Reading, Unreadable

HEAD = 64 * 1024
"""Bytes of a member that are looked at to recognise it."""
LOCKED = frozenset({"encrypted", "unknown-compression"})
"""Members that nobody can read are noted by the package and hide no report; a damaged one may, and is refused."""

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(report|fileDetails)[\s/>]")


@dataclass(frozen=True, slots=True)
class _Document:
    member: str
    node: Node
    leaves: tuple[Leaf, ...]


class CyberTiplineXml:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """1 where a member's root is a report, less where there are only documents of files."""
        roots = {root for _, root in _candidates(package)}
        return 1.0 if "report" in roots else 0.9 if roots else 0.0

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading per report; a file's document belongs to the report in its folder or nearest above it."""
        names = [name for name, _ in _candidates(package)]
        room = Room()
        documents = [_document(name, package[name], room, prefixed=len(names) > 1) for name in sorted(names)]
        reports = [document for document in documents if document.node.name == "report"]
        files = [document for document in documents if document.node.name != "report"]
        if not documents:
            raise Unreadable("no-report", "The package holds no report in XML.")
        owners = [_owner(file, reports) for file in files]
        readings = [_reading(report, [file for file, owner in zip(files, owners, strict=True) if owner is report]) for report in reports]
        orphans = [file for file, owner in zip(files, owners, strict=True) if owner is None]
        return (*readings, *(Reading(read_fragment(file.node, file.leaves), (file.member,)) for file in orphans))

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented reports."""
        return EXAMPLES


def _candidates(package: Package) -> Iterator[tuple[str, str]]:
    """The members whose head has one of the two roots, with the root's name."""
    for name, member in package.items():
        if len(package) == 1 or name.lower().endswith(".xml"):
            head = _head(member)
            found = _ROOT.search(head) if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") else None
            if found:
                yield name, found[1].decode()


def _head(member: Member) -> bytes:
    try:
        with member.open() as stream:
            return stream.read(HEAD).replace(b"\x00", b"")
    except Unreadable as refused:
        if refused.code in LOCKED:
            return b""
        raise


def _document(name: str, member: Member, room: Room, *, prefixed: bool) -> _Document:
    with member.open() as stream:
        root = parse(stream, room)
    shape = ROOTS.get(etree.QName(root).localname)
    if shape is None:
        raise Unreadable("no-report", "An XML document is neither a report nor the document of a file.")
    is_report = etree.QName(root).localname == "report"
    walk = Walk(f"{name}#" if prefixed and not is_report else "", room)
    return _Document(name, walk.root(root, shape), tuple(walk.leaves))


def _owner(file: _Document, reports: list[_Document]) -> _Document | None:
    """The report that a file's document belongs to."""
    if len(reports) == 1:
        return reports[0]
    folder = dirname(file.member)
    while True:
        near = [report for report in reports if dirname(report.member) == folder]
        if len(near) == 1:
            return near[0]
        if near:
            raise Unreadable("ambiguous", "Several reports lie beside documents of files; put each report into a folder of its own.")
        if not folder:
            return None
        folder = dirname(folder)


def _reading(report: _Document, files: list[_Document]) -> Reading:
    leaves = [*report.leaves, *(leaf for file in files for leaf in file.leaves)]
    members = (report.member, *(file.member for file in files))
    return Reading(read_report(report.node, [file.node for file in files], leaves), members)


FORMAT = CyberTiplineXml()
