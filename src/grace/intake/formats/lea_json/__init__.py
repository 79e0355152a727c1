"""The CyberTip as law-enforcement agencies receive it in JSON, alone or beside its files and PDF.

No schema of it is published; the reading rests on what independent readers do with real documents and on samples,
see ``docs/reference/formats.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grace.intake.formats.lea_json.document import parse
from grace.intake.formats.lea_json.examples import EXAMPLES
from grace.intake.formats.lea_json.reading import FORMAT_NAME, read_document
from grace.intake.formats.lea_json.schema import CARRIES
from grace.sdk.intake import Member, Package, Reading, Unreadable

HEAD = 64 * 1024
"""Bytes of a member that are looked at to recognise it."""
LOCKED = frozenset({"encrypted", "unknown-compression"})
"""Members that nobody can read are noted by the package and hide no report; a damaged one may, and is refused."""


class LeaJson:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """1 where a member's head names the report's object, less where it only might be one."""
        return max((sureness for _, sureness in _candidates(package)), default=0.0)

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading per report in the package, in the order of their names."""
        candidates = list(_candidates(package))
        best = max((sureness for _, sureness in candidates), default=0.0)
        if not best:
            raise Unreadable("no-report", "The package holds no report in JSON.")
        return tuple(_read(name, package[name]) for name, sureness in sorted(candidates) if sureness == best)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented reports."""
        return EXAMPLES


def _candidates(package: Package) -> Iterator[tuple[str, float]]:
    for name, member in package.items():
        if len(package) == 1 or name.lower().endswith(".json"):
            sureness = _sureness(_head(member))
            if sureness:
                yield name, sureness


def _head(member: Member) -> bytes:
    try:
        with member.open() as stream:
            head = stream.read(HEAD)
    except Unreadable as refused:
        if refused.code in LOCKED:
            return b""
        raise
    return head.replace(b"\x00", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head


def _sureness(head: bytes) -> float:
    text = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    if not text.startswith(b"{"):
        return 0.0
    if b'"reportedInformation"' in text:
        return 1.0
    return 0.6 if b'"reportId"' in text else 0.1


def _read(name: str, member: Member) -> Reading:
    with member.open() as stream:
        return Reading(read_document(parse(stream)), (name,))


FORMAT = LeaJson()
