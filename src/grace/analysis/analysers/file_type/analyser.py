"""The analyser: the type with its reason, what is appended, what else it is, what is missing, what is encrypted."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping

from grace.analysis.analysers.file_type.identify import UNKNOWN, identify
from grace.analysis.analysers.file_type.second import appended, seconds
from grace.analysis.analysers.walks.reading import Endless, Steps
from grace.sdk.analysis import AnalyserInfo, Content, Cost, Finding, Seen, Subject, Takes
from grace.sdk.signals import Basis
from grace.sdk.text import storable

_MOST = 500


def _finding(kind: str, value: str, where: str = "", facts: Mapping[str, str] | None = None) -> Finding:
    told = {key: storable(text)[:_MOST] for key, text in (facts or {}).items() if text}
    return Finding(kind, storable(value)[:_MOST], Basis.OBSERVED, where, facts=told)


def findings(data: bytes, steps: Steps) -> Iterator[Finding]:
    """All that the bytes say of themselves, within a count of steps."""
    try:
        shape = identify(data, steps)
    except Endless:
        shape = None
    if shape is None:
        name, why = ("unknown", "no known form fits") if data else ("empty", "there is no byte")
        yield _finding("file.type", UNKNOWN, facts={"name": name, "why": why})
        return
    yield _finding("file.type", shape.media_type, facts={"name": shape.name, "why": shape.why})
    if shape.cut:
        yield _finding("file.cut_short", shape.cut, facts={"type": shape.media_type})
    if shape.encrypted:
        yield _finding("file.encrypted", shape.encrypted, facts={"type": shape.media_type})
    behind = appended(data, shape, steps)
    if behind:
        size, where = behind.end - behind.begin, f"bytes:{behind.begin},{behind.end}"
        facts = {"looks_like": behind.looks_like, "behind": shape.media_type}
        yield _finding("file.appended" if behind.looks_like else "file.filled", str(size), where, facts)
    for second in seconds(data, shape, behind, steps):
        where = f"bytes:{second.begin},{second.end}"
        yield _finding("file.polyglot", second.media_type, where, {"name": second.name, "how": second.how, "first": shape.media_type})


class FileType:
    """Says what bytes are by their structure; a name or a sender's claim never decides it."""

    info = AnalyserInfo(
        name="file_type",
        version="1",
        cost=Cost.CHEAP,
        licence="Apache-2.0",
        takes=Takes.CONTENT,
        gives={
            "file.type": "the media type that the bytes are, with the name of the form and why",
            "file.appended": "how many bytes stand behind the end of the structure, and what they look like",
            "file.filled": "how many zeros and blanks stand behind the end of the structure, as cameras and discs leave them",
            "file.polyglot": "a second type that the same bytes are for another program",
            "file.cut_short": "what is missing of the structure",
            "file.encrypted": "what of it is encrypted, as far as that is visible from outside",
        },
    )

    def warm_up(self) -> None:
        """Encodings are looked for on the disk when they are first used."""
        for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "ascii"):
            codecs.lookup(encoding)

    def examine(self, subject: Subject) -> Seen:
        """What the bytes say of themselves."""
        if not isinstance(subject, Content):
            raise TypeError("file_type takes content")
        return tuple(findings(subject.content, Steps()))


ANALYSER = FileType()
