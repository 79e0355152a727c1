"""The sections of the document: what the provider reports stands in A, what the clearing house added in B, C and D."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from grace.intake.formats.tip_lines.items import Line, items

_HEADING = re.compile(r"section\s+([A-D])\s*[:.\u2013\u2014-]\s*\S.*", re.IGNORECASE)
_END = re.compile(r"this concludes section A\b.*", re.IGNORECASE)
_HEADINGS_ONLY = frozenset({"loose", "person", "incident", "report", "file"})


def sections(lines: Sequence[Line]) -> Mapping[str, Sequence[Line]]:
    """The lines by section, without the headings; ``""`` is what stands before A. Where no A is headed, all but B to D is in A.

    Free text in A may hold anything: where the document says that A is concluded, no heading before that ends it.
    """
    headings = _headings(lines)
    begin = _begin(lines, headings)
    after = -1 if begin is None else begin
    concluded = [place for place, line in enumerate(lines) if place > after and _END.fullmatch(line.text.strip())]
    following = [place for place, letter in headings if place > after and letter != "A"]
    end = concluded[-1] if concluded else following[0] if following else len(lines)
    said: dict[str, Sequence[Line]] = {"": lines[: max(after, 0)], "A": _without_headings(lines[after + 1 : end])}
    return {**said, **_added(lines, [(place, letter) for place, letter in headings if place > after and place >= end and letter != "A"])}


def is_cut(lines: Sequence[Line]) -> bool:
    """Whether section A begins and never ends: neither is it concluded, nor does another follow."""
    headings = _headings(lines)
    begin = _begin(lines, headings)
    if begin is None:
        return False
    follows = any(place > begin and letter != "A" for place, letter in headings)
    return not follows and not any(_END.fullmatch(line.text.strip()) for line in lines[begin:])


def _headings(lines: Sequence[Line]) -> list[tuple[int, str]]:
    return [(place, found[1].upper()) for place, line in enumerate(lines) if (found := _HEADING.fullmatch(line.text.strip()))]


def is_mark(line: Line) -> bool:
    """Whether the line only says where a section begins or ends."""
    return bool(_HEADING.fullmatch(line.text.strip()) or _END.fullmatch(line.text.strip()))


def _begin(lines: Sequence[Line], headings: Sequence[tuple[int, str]]) -> int | None:
    """Where A begins. Headings with no statement between them are a table of contents."""
    first = next((place for place, letter in headings if letter == "A"), None)
    others = False
    for place, letter in headings:
        others = others or letter != "A"
        if first is not None and letter == "A" and others:
            return place if _says_nothing(lines[first:place]) else first
    return first


def _says_nothing(lines: Sequence[Line]) -> bool:
    return all(item.key in _HEADINGS_ONLY for item in items(_without_headings(lines)))


def _without_headings(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not is_mark(line)]


def _added(lines: Sequence[Line], headings: Sequence[tuple[int, str]]) -> dict[str, list[Line]]:
    """What B to D hold; a heading that comes again goes on with its section."""
    found: dict[str, list[Line]] = {}
    ends = [*(place for place, _ in headings), len(lines)][1:]
    for (place, letter), end in zip(headings, ends, strict=True):
        found.setdefault(letter, []).extend(_without_headings(lines[place + 1 : end]))
    return found
