"""Lines to items: each label with its whole value, headings, and what stands between. Pure; no line is dropped."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from grace.intake.formats.tip_lines.vocabulary import (
    CONTACT,
    ENDINGS,
    FILE_HEADINGS,
    INCIDENTS,
    LABELS,
    PERSONS,
    REPORT_HEADINGS,
    Wrap,
)

GAP = re.compile(r"\s{3,}|\t+")
"""The space between two columns, where the text was laid out with it."""
MOST_CONTINUED = 2_000
"""Lines that one value may go on over."""
MOST_WRAPS = 8
"""Lines that a broken name or address may go on over."""
LONGEST_LABEL = 120
"""Characters in which a label ends; what is longer begins with none, and costs no more to look at."""
LEAST_BROKEN = 40
"""Characters of a line of an address on the web that may have been broken for want of room."""

_NAMED = re.compile(r"(?P<label>[^:?\s][^:?]{0,79}?)\s*(?P<end>[:?])(?=\s|$)\s*(?P<value>.*)", re.DOTALL)
_UNMARKED = re.compile(r"(?P<label>cybertip(?:line)? report|received by ncmec(?: on)?)\s+(?P<value>#?\d.*)", re.IGNORECASE)
_HEADING = re.compile(r"(?P<name>[A-Za-z][A-Za-z /()-]*?)(?:\s+(?P<number>\d{1,4}))?(?P<more>\s+\(continued\))?\s*:?", re.IGNORECASE)
_QUESTION = re.compile(r"(?:did reporting esp view|were entire contents)\b[^?]*", re.IGNORECASE)
_PAGE = re.compile(r"(?:page\s+)?\d{1,5}(?:\s*(?:of|/)\s*\d{1,5})?", re.IGNORECASE)
_BANNER = re.compile(rf"cybertip(?:line)? report\s+#?\d+(?:\s*\|?\s*{_PAGE.pattern})?", re.IGNORECASE)
_HALF_ADDRESS = re.compile(r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*:")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as laid out, with its place; ``edge`` marks the first and the last of a page, but never the title."""

    path: str
    text: str
    edge: bool = False


@dataclass(slots=True)
class Item:
    """A label (``key``) with the pieces of its value, a heading (``person``, ``incident``, ``report``, ``file``), or a ``loose`` line."""

    key: str
    path: str
    pieces: list[str]
    wrap: Wrap = Wrap.LINE
    name: str = ""
    number: str = ""
    continued: bool = False
    paths: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The value as one text: broken words joined, further lines below."""
        if self.wrap is Wrap.TEXT:
            return "\n".join(self.pieces).strip()
        return self._joined().strip()

    @property
    def is_guessed(self) -> bool:
        """Whether a name was broken where nobody can tell if there was a space."""
        return self.wrap is Wrap.WORD and len(self.pieces) > 1 and " " in self.pieces[0]

    def _joined(self) -> str:
        """A line breaks at a space where there is one: then it was a space that stood there."""
        joined = self.pieces[0]
        for piece in self.pieces[1:]:
            joined += (" " if self.wrap is Wrap.WORD and " " in joined else "") + piece
        return joined


def items(lines: Iterable[Line]) -> Iterator[Item]:
    """The items of a section, in order. What a page repeats on each side of its text interrupts no value."""
    current: Item | None = None
    for line in lines:
        text = line.text.strip()
        if not text or is_furniture(line):
            continue
        for segment in _segments(text, current):
            if current is not None and _goes_on(current, segment):
                current.pieces.append(segment)
                current.paths.append(line.path)
                continue
            if current is not None:
                yield current
            current = _started(segment, line.path)
    if current is not None:
        yield current


def is_furniture(line: Line) -> bool:
    """Whether the line is a page's number or repeats the report's, at the edge of the page."""
    text = " ".join(line.text[:400].split())
    return line.edge and (_PAGE.fullmatch(text) is not None or _BANNER.fullmatch(text) is not None)


def _segments(text: str, current: Item | None) -> Sequence[str]:
    """The columns of a line, where the right one begins with a label; what a submitter says is parted later."""
    if current is not None and current.key == "submitter" and not _ends_submitter(text):
        return (text,)
    parts = GAP.split(text)
    if len(parts) == 1 or text[:9].casefold() == "submitter":
        return (text,)
    joined = [parts[0]]
    for part in parts[1:]:
        if _label(part) is not None:
            joined.append(part)
        else:
            joined[-1] = f"{joined[-1]} {part}"
    return joined


def _goes_on(current: Item, segment: str) -> bool:
    if current.key == "submitter":
        return len(current.pieces) < MOST_CONTINUED and not _ends_submitter(segment)
    if _is_known(segment):
        return False
    if len(current.pieces) == 1 and not current.pieces[0] and current.name in LABELS:
        return True  # the value stands on the line below its label
    if current.wrap is Wrap.TEXT:
        return len(current.pieces) < MOST_CONTINUED
    if current.key == "question":
        return _question_goes_on(current, segment)
    return _is_broken(current, segment)


def _is_broken(current: Item, segment: str) -> bool:
    """Whether a word may go on: half an IPv6 address, a file's name without its ending, a long address on the web."""
    if current.key == "ip":
        return len(current.pieces) < 3 and _HALF_ADDRESS.fullmatch(current.pieces[-1]) is not None and segment[0] in string.hexdigits
    if current.wrap is not Wrap.WORD or len(current.pieces) > MOST_WRAPS or _NAMED.match(segment[:LONGEST_LABEL]):
        return False
    if current.key in {"name", "original_name"}:
        return current.value.rpartition(".")[2].lower() not in ENDINGS
    return len(current.pieces[-1]) >= LEAST_BROKEN and " " not in current.value and " " not in segment


def _question_goes_on(current: Item, segment: str) -> bool:
    """A question runs to its question mark, and its answer may stand on the line below."""
    said = " ".join(current.pieces)
    return len(current.pieces) <= 3 and ("?" not in said or (said.rstrip().endswith("?") and _NAMED.match(segment[:LONGEST_LABEL]) is None))


def _ends_submitter(segment: str) -> bool:
    found = _label(segment)
    if found is not None:
        return found[0] not in CONTACT
    return _heading(segment) is not None


def _is_known(segment: str) -> bool:
    return _label(segment) is not None or _heading(segment) is not None or _QUESTION.match(segment) is not None


def _label(segment: str) -> tuple[str, str] | None:
    """A known label, in lower case, and what follows it."""
    found = _UNMARKED.match(segment[:LONGEST_LABEL]) or _NAMED.match(segment[:LONGEST_LABEL])
    if found is None:
        return None
    written = " ".join(found["label"].casefold().split())
    return (written, segment[found.start("value") :]) if written in LABELS else None


def _heading(segment: str) -> tuple[str, re.Match[str]] | None:
    found = _HEADING.fullmatch(segment) if len(segment) < LONGEST_LABEL else None
    if found is None:
        return None
    name = " ".join(found["name"].casefold().split())
    bare = name.removesuffix(" information")
    if name in PERSONS or bare in PERSONS:
        return "person", found
    if name in REPORT_HEADINGS or name in FILE_HEADINGS:
        return ("file" if name in FILE_HEADINGS else "report"), found
    return ("incident", found) if name in INCIDENTS and not segment.endswith(":") else None


def _started(segment: str, path: str) -> Item:
    if _QUESTION.match(segment):
        return Item("question", path, [segment], paths=[path])
    labelled = _label(segment)
    if labelled is not None:
        meaning = LABELS[labelled[0]]
        return Item(meaning.key, path, [labelled[1].strip()], meaning.wrap, name=labelled[0], paths=[path])
    heading = _heading(segment)
    if heading is not None:
        kind, found = heading
        name = " ".join(found["name"].casefold().split()).removesuffix(" information")
        return Item(kind, path, [segment], name=name, number=found["number"] or "", continued=bool(found["more"]), paths=[path])
    if segment.casefold() in LABELS and LABELS[segment.casefold()].wrap is Wrap.TEXT:
        return Item(LABELS[segment.casefold()].key, path, [""], Wrap.TEXT, name=segment.casefold(), paths=[path])
    return Item("loose", path, [segment], paths=[path])
