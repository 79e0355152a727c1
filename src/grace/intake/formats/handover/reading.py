"""From the canonical form back to what the first document said: each statement as it was written, at its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from grace.identifiers import moments
from grace.sdk.intake import Attachment, Claim, Kind, Leaf, Note, Passage, Person, Report, Role, Unreadable

FORMAT_NAME = "grace-handover"

Tree = Mapping[str, object]
Word = TypeVar("Word", Kind, Role)


def read_report(tree: Tree) -> Report:
    """The report. Raises :class:`Unreadable` where a member is missing or of another kind."""
    if tree.get("format") != "grace-referral" or str(tree.get("version")) != "1":
        raise Unreadable("malformed", "This is no referral of version 1.")
    by, report = _object(tree, "from"), _object(tree, "report")
    said = _object(report, "referral")
    sightings = _objects(report, "sightings")
    name, original = _text(by, "name"), _text_or_none(said, "sender") or ""
    facts = {**_texts(said, "facts"), "original_sender": original, "handed_over_by": name}
    return Report(
        FORMAT_NAME,
        _text(said, "issuer"),
        _text_or_none(said, "number"),
        name,
        service=_text_or_none(said, "service"),
        received_at=_at(said, "received"),
        incident_type=_text_or_none(said, "incident_type"),
        incident_at=_at(said, "incident"),
        incident_time_note=_text_or_none(said, "incident_time_note"),
        escalated=_text_or_none(said, "escalated"),
        annotations=tuple(_words(said, "annotations")),
        bundled=said.get("bundled") is True,
        prior_numbers=tuple(_words(said, "prior_numbers")),
        facts={key: value for key, value in facts.items() if value},
        persons=tuple(_person(each, place, sightings) for place, each in enumerate(_objects(report, "persons"))),
        attachments=tuple(_attachment(each, place, sightings) for place, each in enumerate(_objects(report, "attachments"))),
        claims=tuple(_claim(each) for each in sightings if each.get("person") is None and each.get("attachment") is None),
        passages=tuple(_passages(report)),
        notes=tuple(Note(_text(each, "code"), _text(each, "path"), _text(each, "text")) for each in _objects(report, "notes")),
        leaves=tuple(_leaves(report)),
        always_utc=_is_always_utc(said, sightings, _objects(report, "attachments")),
    )


def _person(tree: Tree, place: int, sightings: list[Tree]) -> Person:
    claims = tuple(_claim(each) for each in sightings if _is(each, "person", place))
    return Person(_word(tree, "role", Role), _text(tree, "path"), _texts(tree, "fields"), claims, tuple(_passages(tree)))


def _attachment(tree: Tree, place: int, sightings: list[Tree]) -> Attachment:
    return Attachment(
        _text(tree, "path"),
        name=_text_or_none(tree, "name"),
        original_name=_text_or_none(tree, "original_name"),
        sender_file_id=_text_or_none(tree, "sender_file_id"),
        digests={**_texts(tree, "digests"), **_texts(tree, "odd_digests")},
        viewed=_truth(tree, "viewed"),
        publicly_available=_truth(tree, "publicly_available"),
        classification=_text_or_none(tree, "classification"),
        relevance=_text_or_none(tree, "relevance"),
        uploaded_at=_at(tree, "uploaded"),
        tags=tuple(_words(tree, "tags")),
        fields=_texts(tree, "fields"),
        claims=tuple(_claim(each) for each in sightings if _is(each, "attachment", place)),
        passages=tuple(_passages(tree)),
    )


def _claim(tree: Tree) -> Claim:
    port = tree.get("port")
    return Claim(
        _word(tree, "kind", Kind),
        _text(tree, "value"),
        _text(tree, "path"),
        event=_text_or_none(tree, "event"),
        at=_at(tree, "time"),
        port=str(port) if isinstance(port, str | int) and not isinstance(port, bool) else None,
        verified=_truth(tree, "verified"),
        service=_text_or_none(tree, "service"),
        label=_text_or_none(tree, "label"),
        facts=_texts(tree, "facts"),
        mined=tree.get("in_text") is True,
    )


def _is_always_utc(said: Tree, sightings: list[Tree], files: list[Tree]) -> bool:
    """Whether the first document's format says that times without a zone are UTC: then some time has a zone that is not written."""
    times = [said.get("received"), said.get("incident"), *(each.get("uploaded") for each in files)]
    times += [each.get("time") for each in sightings if each.get("in_text") is not True]
    return any(_zone_is_not_written(each) for each in times if isinstance(each, Mapping))


def _zone_is_not_written(time: Mapping[object, object]) -> bool:
    written = time.get("at")
    return time.get("at_utc") is not None and isinstance(written, str) and moments.read(written).at is None


def _passages(tree: Tree) -> Iterator[Passage]:
    return (Passage(_text(each, "text"), _text(each, "path"), _text(each, "about")) for each in _objects(tree, "passages"))


def _leaves(report: Tree) -> Iterator[Leaf]:
    """Each path once, as the contract of a format wants it."""
    seen: set[str] = set()
    for each in _objects(report, "leaves"):
        path = _text(each, "path")
        if path not in seen:
            seen.add(path)
            yield Leaf(path, _text(each, "value"), known=each.get("known") is True)


def _object(tree: Tree, key: str) -> Tree:
    value = tree.get(key)
    if not isinstance(value, dict):
        raise _wrong(key, "an object")
    return value


def _objects(tree: Tree, key: str) -> list[Tree]:
    value = tree.get(key)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _wrong(key, "a list of objects")
    return value


def _text(tree: Tree, key: str) -> str:
    value = tree.get(key)
    if not isinstance(value, str):
        raise _wrong(key, "a text")
    return str(value)


def _text_or_none(tree: Tree, key: str) -> str | None:
    return None if tree.get(key) is None else _text(tree, key)


def _texts(tree: Tree, key: str) -> dict[str, str]:
    value = _object(tree, key)
    if not all(isinstance(each, str) for each in value.values()):
        raise _wrong(key, "an object of texts")  # its names are the document's, and no reason tells what a document says
    return {str(name): str(each) for name, each in value.items()}


def _words(tree: Tree, key: str) -> list[str]:
    value = tree.get(key)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(key, "a list of texts")
    return [str(each) for each in value]


def _at(tree: Tree, key: str) -> str | None:
    return None if tree.get(key) is None else _text(_object(tree, key), "at")


def _truth(tree: Tree, key: str) -> bool | None:
    value = tree.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise _wrong(key, "true, false or null")


def _word(tree: Tree, key: str, among: type[Word]) -> Word:
    try:
        return among(_text(tree, key))
    except ValueError as fault:
        raise _wrong(key, "a word that is known") from fault


def _is(tree: Tree, key: str, place: int) -> bool:
    value = tree.get(key)
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) == str(place)


def _wrong(key: str, wanted: str) -> Unreadable:
    return Unreadable("malformed", f"{key} is not {wanted}.")
