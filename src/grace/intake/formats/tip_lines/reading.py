"""The whole text to a :class:`Report`: the provider's statements from Section A, the clearing house's own kept apart as facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grace.intake.formats.tip_lines.files import file_of, take_of_file
from grace.intake.formats.tip_lines.items import Item, Line, is_furniture, items
from grace.intake.formats.tip_lines.people import Block, is_stated, person_of, take_of_person
from grace.intake.formats.tip_lines.sections import is_mark, sections
from grace.intake.formats.tip_lines.submitter import submitter
from grace.intake.formats.tip_lines.vocabulary import INCIDENTS, PERSONS
from grace.sdk.intake import Attachment, Leaf, Note, Person, Report, Role, Unreadable

ISSUER = "NCMEC"
"""Who numbers the reports; the sender is the provider."""
MOST_LINES = 200_000

_HEAD = {"priority_level": "priority_level", "generated": "document_made_at", "total_files": "total_uploaded_files"}
_ADDED = {"B": "ncmec_automated", "C": "ncmec_additional", "D": "ncmec_law_enforcement_contact"}
_DIGITS = re.compile(r"#?\s*([0-9]{1,20})\b", re.ASCII)
_ONCE = frozenset({"submitter", "incident_type", "incident_at", "incident_time_note", "file_count", "number", "received", *_HEAD})


@dataclass(slots=True)
class _Draft:
    """What has been read of Section A so far, and the block that the next line belongs to."""

    said: dict[str, Item] = field(default_factory=dict)
    report: Block = field(default_factory=lambda: Block("$"))
    persons: list[tuple[Role, Block, str]] = field(default_factory=list)
    files: list[Block] = field(default_factory=list)
    take: Callable[[Item], bool] = lambda _: False
    prior: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    guessed: list[str] = field(default_factory=list)


def is_report(lines: Sequence[Line]) -> bool:
    """Whether the text is a report: it names its number, and somewhere a section, a receipt or a submitter."""
    keys = {item.key for item in items(lines)}
    return "number" in keys and (any(is_mark(line) for line in lines) or bool({"received", "submitter"} & keys))


def read_lines(name: str, lines: Sequence[Line]) -> Report:
    """What the text says. Raises :class:`Unreadable` where it is no report or has too many lines."""
    if len(lines) > MOST_LINES:
        raise Unreadable("too-many-values", f"The document has more than {MOST_LINES} lines.")
    parts = sections(lines)
    head = {item.key: item for item in reversed(list(items(parts[""])))}
    provider = _provider(items([*parts[""], *parts["A"]]))
    draft = _Draft(report=Block("$", service=provider))
    for item in items(parts["A"]):
        _take(draft, item, provider)
    if "number" not in head | draft.said:
        raise Unreadable("no-report", "The text names no report number, so it is no report.")
    known = draft.known | {path for item in head.values() if item.key in _ONCE | {"report"} for path in item.paths}
    known |= {line.path for letter in _ADDED for line in parts.get(letter, ())}
    return _report(name, draft, head, parts, _leaves(lines, known))


def _provider(found: Iterable[Item]) -> str | None:
    """The sender's name, at whose service the accounts stand; needed before the first of them is read."""
    said = next((item for item in found if item.key == "submitter"), None)
    return (submitter(said.pieces).name or None) if said else None


def _take(draft: _Draft, item: Item, provider: str | None) -> None:
    if item.key == "person":
        _turn_to_person(draft, item, provider)
    elif item.key == "name":
        draft.files.append(Block(item.path))
        _take_with(draft, item, lambda each: take_of_file(draft.files[-1], each))
        return
    elif item.key in {"report", "file", "incident"}:
        draft.report.about = INCIDENTS.get(item.name, "note")
        draft.take = draft.report.take
    elif item.key == "prior":
        draft.prior += [number.strip(" .") for number in item.value.replace(";", ",").split(",") if is_stated(number)]
    elif item.key in _ONCE:
        if item.key in draft.said:
            return
        draft.said[item.key] = item
    elif not draft.take(item):
        return
    draft.known.update(item.paths)


def _take_with(draft: _Draft, item: Item, take: Callable[[Item], bool]) -> None:
    draft.take = take
    take(item)
    draft.known.update(item.paths)
    if item.is_guessed:
        draft.guessed.append(item.path)


def _turn_to_person(draft: _Draft, item: Item, provider: str | None) -> None:
    """A new block, or the one above once more where the heading says so or repeats its number."""
    mark = f"{item.name} {item.number}"
    earlier = next((block for _, block, told in draft.persons if told == mark and (item.number or item.continued)), None)
    block = earlier or Block(item.path, service=provider)
    if earlier is None:
        draft.persons.append((PERSONS[item.name], block, mark))
    draft.take = lambda each: take_of_person(block, each)


def _report(name: str, draft: _Draft, head: Mapping[str, Item], parts: Mapping[str, Sequence[Line]], leaves: tuple[Leaf, ...]) -> Report:
    said = {**{key: item for key, item in head.items() if key in {"number", "received", *_HEAD} or not parts["A"]}, **draft.said}
    who = submitter(said["submitter"].pieces) if "submitter" in said else submitter(())
    sender = who.name
    return Report(
        name,
        ISSUER,
        _number(said),
        sender,
        received_at=_value(said, "received"),
        incident_type=_value(said, "incident_type"),
        incident_at=_value(said, "incident_at"),
        incident_time_note=_value(said, "incident_time_note"),
        prior_numbers=tuple(dict.fromkeys(draft.prior)),
        facts=dict(_facts(said, head, parts, {"submitter_address": who.address, "submitter_contact": who.contact})),
        persons=tuple(_persons(draft)),
        attachments=tuple(_files(draft)),
        claims=tuple(draft.report.claims),
        passages=tuple(draft.report.passages),
        notes=tuple(_notes(draft, said, parts, merged=who.merged)),
        leaves=leaves,
        always_utc=True,
    )


def _value(said: Mapping[str, Item], key: str) -> str | None:
    value = said[key].value if key in said else ""
    return value if is_stated(value) else None


def _number(said: Mapping[str, Item]) -> str | None:
    found = _DIGITS.match(said["number"].value)
    return found[1] if found else None


def _persons(draft: _Draft) -> Iterator[Person]:
    return (person_of(role, block) for role, block, _ in draft.persons if block.fields or block.claims or block.passages)


def _files(draft: _Draft) -> Iterator[Attachment]:
    return (file_of(block) for block in draft.files)


def _facts(
    said: Mapping[str, Item], head: Mapping[str, Item], parts: Mapping[str, Sequence[Line]], contact: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What the clearing house says, under names of its own; the raw token of its priority is not read into anything."""
    yield from ((name, value) for key, name in _HEAD.items() if (value := _value(said, key)))
    if parts["A"] and "incident_type" in head:
        yield "ncmec_incident_type", head["incident_type"].value
    if count := _value(said, "file_count"):
        yield "number_of_uploaded_files", count
    yield from ((name, value) for name, value in contact.items() if value)
    for letter, name in _ADDED.items():
        text = "\n".join(line.text.strip() for line in parts.get(letter, ()) if line.text.strip())
        if text:
            yield name, text


def _notes(draft: _Draft, said: Mapping[str, Item], parts: Mapping[str, Sequence[Line]], *, merged: bool) -> Iterator[Note]:
    if _number(said) is None:
        yield Note("number-missing", said["number"].path, "The document carries no report number.")
    if "submitter" not in said:
        yield Note("sender-missing", "$", "The document does not name its sender.")
    elif merged:
        yield Note("columns-merged", said["submitter"].path, "The sender's name may hold words of the column beside it.")
    for path in draft.guessed:
        yield Note("name-guessed", path, "A file's name goes on over lines; where a space stood is guessed.")
    count = _value(said, "file_count") or _value(said, "total_files")
    if count and count.isdecimal() and len(count) < 9 and int(count) != len(draft.files):
        yield Note(
            "files-differ",
            said["file_count" if "file_count" in said else "total_files"].path,
            "The document lists another number of files than it states.",
        )
    if any(parts.get(letter) for letter in ("B", "C")):
        yield Note(
            "added-by-ncmec",
            "$",
            "What the clearing house added (Sections B and C) stands among the facts; it is no statement of the sender.",
        )


def _leaves(lines: Sequence[Line], known: set[str]) -> tuple[Leaf, ...]:
    """Every line that is not blank, at its place."""
    return tuple(
        Leaf(line.path, line.text.strip(), line.path in known or is_mark(line) or is_furniture(line)) for line in lines if line.text.strip()
    )
