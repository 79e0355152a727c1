"""The whole document to a :class:`Report`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.identifiers import moments
from grace.intake.formats.described import deviations, shape_of
from grace.intake.formats.dsa_notice.description import GROUNDS, NOTICE
from grace.intake.formats.json_leaves import Walk
from grace.intake.formats.json_values import members, stated, wrapped
from grace.intake.formats.room import Room
from grace.intake.formats.statements import claims_of, objects_of, table_of
from grace.sdk.intake import Attachment, Claim, Kind, Note, Passage, Person, Report, Role

FORMAT_NAME = "dsa-notice"

_SHAPE = shape_of(NOTICE)
_ZONE = re.compile(r".*:\d\d(?:[.,]\d+)?\s*(?:[Zz]|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)", re.ASCII)
_ZONE = re.compile(r"Z|UTC|GMT|[+-]\d\d(?::?\d\d)?", re.ASCII)


def read_document(tree: dict[str, object], room: Room) -> Report:
    """What the notice says. Raises :class:`Unreadable` where it is too deep or too large."""
    walk = Walk(room)
    walk.document(tree, _SHAPE)
    provider, content = members(tree.get("provider")), members(tree.get("content"))
    sender = stated(provider.get("name")) or ""
    number = stated(provider.get("reference"))
    published = _published(tree)
    return Report(
        FORMAT_NAME,
        sender,
        number if sender else None,
        sender,
        incident_at=published,
        incident_time_note="Time of publication" if published else None,
        facts=dict(_facts(tree, provider, content, published)),
        persons=tuple(_persons(tree, provider)),
        attachments=tuple(_file(item, path) for path, item in objects_of(content, "$.content", "files")),
        claims=tuple(_urls(content)),
        passages=tuple(_passages(tree, content)),
        notes=(*_notes(tree, sender, number, published), *walk.notes, *deviations(tree, NOTICE)),
        leaves=tuple(walk.leaves),
    )


def _published(tree: dict[str, object]) -> str | None:
    """The time of publication, with the designated zone where it has none of its own and the zone is an offset."""
    at, zone = stated(tree.get("published_at")), stated(tree.get("time_zone"))
    if at is None or zone is None or not _ZONE.fullmatch(zone.strip()) or moments.read(at).at is not None:
        return at
    return f"{at.strip()} {zone.strip()}"


def _notes(tree: dict[str, object], sender: str, number: str | None, published: str | None) -> Iterator[Note]:
    if number is None:
        yield Note("number-missing", "$.provider.reference", "The notice carries no reference of its provider.")
    if not sender:
        yield Note("sender-missing", "$.provider.name", "The notice does not name its provider.")
    if published is not None and moments.read(published).at is None:
        yield Note("zone-missing", "$.time_zone", "The time of publication has no time zone that can be read; recital 56 asks for it.")
    if not any(True for _ in _states(tree)):
        yield Note(
            "states-missing",
            "$.states_concerned",
            "The provider names no Member State; Article 18(2) then leads to its own, or to Europol.",
        )


def _facts(
    tree: dict[str, object], provider: dict[str, object], content: dict[str, object], published: str | None
) -> Iterator[tuple[str, str]]:
    said = {
        "published_at": published,
        "time_zone": stated(tree.get("time_zone")),
        "suspicion": stated(tree.get("suspicion")),
        "content_reference": stated(content.get("reference")),
        "established_in": stated(provider.get("established_in")),
    }
    yield from ((key, text) for key, text in said.items() if text is not None)
    states = list(_states(tree))
    if states:
        yield "states_concerned", "; ".join(dict.fromkeys(state for state, _ in states))
    for ground in GROUNDS:
        named = [state for state, grounds in states if ground in grounds]
        if named:
            yield f"states_concerned_{ground}", "; ".join(dict.fromkeys(named))


def _states(tree: dict[str, object]) -> Iterator[tuple[str, frozenset[str]]]:
    """The states as written, with the grounds for each; a text alone is a state without a ground."""
    for _, item in wrapped(tree, "states_concerned"):
        state = stated(members(item).get("state") if isinstance(item, dict) else item)
        if state is not None:
            yield state.strip(), frozenset(text for _, each in wrapped(item, "because") if (text := stated(each)) is not None)


def _persons(tree: dict[str, object], provider: dict[str, object]) -> Iterator[Person]:
    recipient = members(tree.get("recipient"))
    if recipient:
        fields = {key: text for key, text in table_of(tree, "recipient").items() if key != "identifiers"}
        yield Person(Role.REPORTED, "$.recipient", fields, tuple(claims_of(recipient, "$.recipient")))
    name = stated(provider.get("name"))
    contacts = (("contact", Kind.EMAIL), ("phone", Kind.PHONE))
    claims = tuple(Claim(kind, text, f"$.provider.{key}") for key, kind in contacts if (text := stated(provider.get(key))) is not None)
    if name is not None or claims:
        yield Person(Role.SENDER, "$.provider", {"organisation": name} if name is not None else {}, claims)


def _file(item: dict[str, object], path: str) -> Attachment:
    return Attachment(path, name=stated(item.get("name")), digests=table_of(item, "digests"))


def _urls(content: dict[str, object]) -> Iterator[Claim]:
    for below, item in wrapped(content, "urls"):
        text = stated(item)
        if text is not None:
            yield Claim(Kind.URL, text, f"$.content{below}")


def _passages(tree: dict[str, object], content: dict[str, object]) -> Iterator[Passage]:
    suspicion, text = stated(tree.get("suspicion")), stated(content.get("text"))
    if suspicion is not None:
        yield Passage(suspicion, "$.suspicion", "suspicion")
    if text is not None:
        yield Passage(text, "$.content.text", "content")
