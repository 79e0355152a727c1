"""Cells of tables: a header says which column holds names, which services, which telephone numbers: ``username,service,ip``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from grace.identifiers.in_text.hits import Hit, lowered
from grace.identifiers.in_text.names import NAME_HERE, Look, is_behind_at, is_plain, look_of
from grace.identifiers.in_text.words import Service, bare_words, phrase_at, service_of, words

Cell = tuple[int, int]
Told = tuple[re.Match[str], Service]

SEPARATORS = ("\t", ";", "|", ",")
_LONGEST_LINE, _LONGEST_HEADING, _MOST_CELLS = 400, 32, 24
_FENCES = " \t\r\u00a0\"'`*\u201c\u201d\u201e"
_RULE = re.compile(r"[\s|:=+-]{3,}")
_INSERT = re.compile(r"\binto\s[\w.\"`]{1,60}\s?\((?P<columns>[\w\s,\"`]{3,200})\)\s?values?\s?(?=\()", re.IGNORECASE)
_VALUES = re.compile(r"\((?P<row>[^()\n]{3,400})\)\s?(?:,\s?|;|$)")
_LINE = re.compile(r"^.*$", re.MULTILINE)
_PARTS = re.compile(r"[ _-]+")
_REACH = 1_600
_FIELDS, _WITHIN, _LEADING, _LABELS, _USERS = (bare_words("names", table) for table in ("fields", "within", "leading", "labels", "users"))
_NAMES, _PROGRAMS = bare_words("names", "names"), words("nobody", "programs")
_OWNERS, _PEOPLE, _SHOWN, _SOURCES = (bare_words("names", table) for table in ("owners", "people", "shown", "sources"))


class Rank(IntEnum):
    """How surely the names of a column are those at the services beside it."""

    SHOWN = 0
    """A name, whoever calls somebody so."""
    OWNER = 1
    """A user, who may be one of the system that wrote the table."""
    SURE = 2


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table hold: names, each column with how surely, and services, or services each with a column of names."""

    separator: str
    width: int
    names: tuple[tuple[int, Rank], ...]
    services: int | None
    of_one: tuple[tuple[int, Service], ...]


def cells(text: str, start: int, end: int, separator: str) -> list[Cell]:
    """Where the cells of a line begin and end, without the blanks and quotes around them; empty for a line of too many."""
    line = text[start:end]
    if separator == "|":
        stripped = line.strip(" \t\r|")
        start += line.find(stripped) if stripped else 0
        line = stripped
    if line.count(separator) >= _MOST_CELLS:
        return []
    found: list[Cell] = []
    for cell in line.split(separator):
        left = len(cell) - len(cell.lstrip(_FENCES))
        found.append((start + left, max(start + left, start + len(cell.rstrip(_FENCES)))))
        start += len(cell) + 1
    return found


def names_in_tables(text: str) -> Iterator[Told]:
    """Names in tables whose header names their column, with the service that another column or the heading names."""
    header: Header | None = None
    for line in _LINE.finditer(text):
        start, end = line.span()
        if end - start > _LONGEST_LINE or (header and _RULE.fullmatch(text, start, end)):
            continue
        if header:
            row = cells(text, start, end, header.separator)
            if len(row) == header.width:
                yield from _of_row(text, row, header)
                continue
        header = _header(text, start, end)


def names_in_inserts(text: str) -> Iterator[Told]:
    """Names in rows that SQL puts into columns: ``INSERT INTO a (service, username) VALUES ('Kik', 'kite_77')``."""
    for found in _INSERT.finditer(text):
        header = _header(text, *found.span("columns"))
        values = _VALUES.match(text, found.end()) if header else None
        while header and values:
            row = cells(text, *values.span("row"), ",")
            if len(row) == header.width:
                yield from _of_row(text, row, header)
            values = _VALUES.match(text, values.end()) if values.end() < found.end() + _REACH else None


def heading(text: str, at: int) -> str:
    """The heading, in lower case, of the column in which a place stands; empty where no table is."""
    start = text.rfind("\n", max(0, at - _LONGEST_LINE), at) + 1
    if start <= 1:
        return ""
    above = _first_line(text, start)
    if above is None:
        return ""
    first = above.start()
    separator = next((each for each in SEPARATORS if each in above[0]), None)
    if separator is None or text[start:at].strip(_FENCES)[-1:] not in {"", separator}:
        return ""
    last = text.find("\n", at)
    column = sum(end < at for _, end in cells(text, start, last if last >= 0 else len(text), separator))
    headings = cells(text, first, above.end(), separator)
    return lowered(text[slice(*headings[column])]) if column < len(headings) else ""


def _first_line(text: str, start: int) -> re.Match[str] | None:
    """The first line of the lines before a place that no empty one parts; None where they are too many."""
    first = text.rfind("\n\n", max(0, start - _REACH), start - 1)
    first = first + 2 if first >= 0 else (0 if start <= _REACH else start)
    above = _LINE.match(text, first)
    return above if above is not None and first < start and above.end() - first <= _LONGEST_LINE else None


def is_other_cell(text: str, at: int, tabled: Sequence[Hit]) -> bool:
    """Whether what stands at a place is no name by its table: one of its row is told, or the heading speaks of something else."""
    if tabled:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        told = [hit.start for hit in tabled if start <= hit.start < (end if end >= 0 else len(text))]
        if told:
            return at not in told
    title = heading(text, at)
    if not title or any(
        each in table for each in [title, *_PARTS.split(title)] for table in (_FIELDS, _NAMES, _USERS, _LEADING, _WITHIN, _PEOPLE)
    ):
        return False
    return _service(title) is None and any(each in _LABELS or each in _SOURCES for each in _headings(text, at))


def _headings(text: str, at: int) -> list[str]:
    """The headings of the table in which a place stands."""
    first = _first_line(text, text.rfind("\n", 0, at) + 1)
    if first is None:
        return []
    separator = next((each for each in SEPARATORS if each in first[0]), SEPARATORS[-1])
    return [lowered(text[slice(*cell)]) for cell in cells(text, *first.span(), separator)]


def _header(text: str, start: int, end: int) -> Header | None:
    line = text[start:end]
    for separator in SEPARATORS:
        if separator not in line:
            continue
        row = cells(text, start, end, separator)
        headings = [lowered(text[slice(*cell)]) for cell in row]
        if len(row) > 1 and max(map(len, headings)) <= _LONGEST_HEADING:
            header = _of_headings(headings, separator)
            if header:
                return header
    return None


def _of_headings(headings: Sequence[str], separator: str) -> Header | None:
    services = next((at for at, each in enumerate(headings) if each in _LABELS or _PARTS.sub("_", each) in _LABELS), None)
    ranked = [(at, rank) for at, each in enumerate(headings) if at != services and (rank := _rank(each)) is not None]
    if ranked and services is not None:
        return Header(separator, len(headings), tuple(ranked), services, ())
    told = [(at, service) for at, each in enumerate(headings) if (service := _service(each))]
    is_of_people = len(told) > 1 or any(each in _NAMES or each in _FIELDS or each in _PEOPLE for each in headings)
    return Header(separator, len(headings), (), None, tuple(told)) if told and is_of_people and len(told) < len(headings) else None


def _rank(title: str) -> Rank | None:
    """How surely names at services stand below a heading; None where none do."""
    if _is_of_names(title):
        is_shown = _SHOWN.any(_PARTS.split(title)) or title in _SHOWN
        return Rank.SHOWN if is_shown else Rank.OWNER if title in _OWNERS else Rank.SURE
    return Rank.SHOWN if title in _NAMES else None


def _is_of_names(title: str) -> bool:
    """Whether a heading says that names stand below: "username", "Nom d'utilisateur", "account name"."""
    parts = [each for each in _PARTS.split(title) if each]
    if not parts or not all(each in _FIELDS or each in _WITHIN or each in _LEADING for each in parts):
        return False
    return any(each in _FIELDS for each in parts) or (len(parts) > 1 and parts[0] in _LEADING and parts[-1] in _USERS)


def _service(written: str) -> Service | None:
    """The service that a whole cell names."""
    folded = lowered(written).strip()
    phrase = phrase_at(folded, 0, folded.partition(" ")[0].partition("-")[0]) if folded else None
    return service_of(folded) or (phrase[1] if phrase and phrase[0] == folded else None)


def _of_row(text: str, row: Sequence[Cell], header: Header) -> Iterator[Told]:
    if header.services is not None:
        service = _service(text[slice(*row[header.services])])
        named = [(found, column, rank) for column, rank in header.names if service and (found := _name(text, row[column], least=Look.WORD))]
        if service and named:
            yield max(named, key=lambda each: _likeliness(*each, services=header.services))[0], service
        return
    for column, service in header.of_one:
        found = _name(text, row[column], least=Look.MIXED)
        if found:
            yield found, service


def _likeliness(found: re.Match[str], column: int, rank: Rank, *, services: int | None) -> tuple[bool, bool, bool, Rank]:
    """Of several names in a row that under the surest heading, that which looks most like one, or the one right behind the service."""
    is_marked = bool(found["at"] or found["tag"]) or look_of(found["name"]) > Look.WORD
    return rank is Rank.SURE, is_marked, services is not None and column == services + 1, rank


def _name(text: str, cell: Cell, *, least: Look) -> re.Match[str] | None:
    """The name that a cell holds and nothing besides."""
    found = NAME_HERE.match(text, cell[0])
    if found is None or found.end() != cell[1]:
        return None
    if found["at"] or found["tag"]:
        return found if is_behind_at(found["name"]) else None
    look = look_of(found["name"])
    # "Anna" is what somebody is called rather than a name at a service
    is_word = look is Look.WORD and not (is_plain(found["name"]) and found["name"].lower() not in _PROGRAMS and found["name"].islower())
    return found if look >= least and not is_word else None
