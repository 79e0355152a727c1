"""Cells of tables: a header says which column holds names, which services, which telephone numbers: ``username,service,ip``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grace.identifiers.in_text.hits import lowered
from grace.identifiers.in_text.names import NAME_HERE, Look, is_behind_at, is_plain, look_of
from grace.identifiers.in_text.words import Service, phrase_at, service_of, words

Cell = tuple[int, int]
Told = tuple[re.Match[str], Service]

SEPARATORS = ("\t", ";", "|", ",")
_LONGEST_LINE, _LONGEST_HEADING, _MOST_CELLS = 400, 32, 24
_FENCES = " \t\r\u00a0\"'`*\u201c\u201d\u201e"
_RULE = re.compile(r"[\s|:=+-]{3,}")
_LINE = re.compile(r"^.*$", re.MULTILINE)
_PARTS = re.compile(r"[ _-]+")
_REACH = 1_600
_FIELDS, _WITHIN, _LEADING, _LABELS, _USERS = (words("names", table) for table in ("fields", "within", "leading", "labels", "users"))
_NAMES, _PROGRAMS = words("names", "names"), words("nobody", "programs")


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table hold: the one of names, the one of services, or services each with a column of names."""

    separator: str
    width: int
    names: int | None
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


def heading(text: str, at: int) -> str:
    """The heading, in lower case, of the column in which a place stands; empty where no table is."""
    start = text.rfind("\n", max(0, at - _LONGEST_LINE), at) + 1
    if start <= 1:
        return ""
    first = text.rfind("\n\n", max(0, start - _REACH), start - 1)
    first = first + 2 if first >= 0 else (0 if start <= _REACH else start)
    above = _LINE.match(text, first)
    if above is None or first >= start or above.end() - first > _LONGEST_LINE:
        return ""
    separator = next((each for each in SEPARATORS if each in above[0]), None)
    if separator is None or text[start:at].strip(_FENCES)[-1:] not in {"", separator}:
        return ""
    column = sum(end < at for _, end in cells(text, start, at, separator)[:-1])
    headings = cells(text, first, above.end(), separator)
    return lowered(text[slice(*headings[column])]) if column < len(headings) else ""


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
    names = next((at for at, each in enumerate(headings) if at != services and _is_of_names(each)), None)
    if names is None and services is not None:
        names = next((at for at, each in enumerate(headings) if at != services and each in _NAMES), None)
    if names is not None and services is not None:
        return Header(separator, len(headings), names, services, ())
    told = [(at, service) for at, each in enumerate(headings) if (service := _service(each))]
    is_of_people = len(told) > 1 or any(each in _NAMES or each in _FIELDS for each in headings)
    return Header(separator, len(headings), None, None, tuple(told)) if told and is_of_people and len(told) < len(headings) else None


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
    if header.names is not None and header.services is not None:
        service = _service(text[slice(*row[header.services])])
        told = [(header.names, service)] if service else []
    else:
        told = list(header.of_one)
    for column, service in told:
        found = _name(text, row[column], least=Look.WORD if header.names is not None else Look.MIXED)
        if found and service:
            yield found, service


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
