"""The canonical facts: what a document says, field by field, in a form that no format leaves a mark on.

Made from canonical JSON (:mod:`grace.intake.canonical`), which is stored with every version: no paths, no leaves, no
notes, no spelling of a sender, no order of a document. A person is known by the part and the place among those in that
part, a file by its name or, where no name can be had, by its digest, a sighting by who bears it and its normal spelling.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from grace.identifiers import moments
from grace.sdk.fields import BOILERPLATE, DIGESTS, NAMES, VERIFIED
from grace.sdk.intake import Role

Json = Mapping[str, Any]
Of = tuple[str, ...]
"""What a statement is about: ``()`` the report, ``("reported 1",)`` a person, ``("reported 1", "192.0.2.7")`` an address …"""
Value = str | bool
Said = Mapping[str, Mapping[Of, tuple[Value, ...]]]
"""By field, by what it is about: the values, sorted, each once."""

UNZONED = "zone not stated"
_ADDRESS = re.compile(r"(address(?:_[0-9]+)?)(?:_(street|street_2|city|state|postal_code|country))?")
_PARTS = ("street", "street_2", "city", "state", "postal_code", "country", None)
_VERIFIED = frozenset(kind.value for kind in VERIFIED)


def said(told: Json, within: frozenset[str]) -> Said:
    """What canonical JSON says in the fields of ``within``; nothing else is looked at, also not to tell things apart."""
    return _Said(told, within).by_field()


def as_bytes(facts: Said) -> bytes:
    """The facts as bytes: the same facts give the same bytes, whatever document they stood in."""
    plain = {field: [[list(of), *values] for of, values in sorted(abouts.items())] for field, abouts in facts.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class _Said:
    """Collects the statements of one document."""

    def __init__(self, told: Json, within: frozenset[str]) -> None:
        self._told = told
        self._within = within
        self._found: dict[str, dict[Of, set[Value]]] = {}
        self._persons = dict(_labels(told["persons"], within))
        self._files = _numbered([_anchor(file, within) for file in told["attachments"]])

    def by_field(self) -> Said:
        """All statements."""
        self._of_report(self._told["referral"])
        self._texts("passage", (), self._told["passages"])
        for person in self._told["persons"]:
            self._of_person(person)
        for file, (field, name) in zip(self._told["attachments"], self._files, strict=True):
            self._of_file(file, field, name)
        for sighting in self._told["sightings"]:
            self._of_sighting(sighting)
        return {field: {of: tuple(sorted(values, key=str)) for of, values in abouts.items()} for field, abouts in self._found.items()}

    def _say(self, field: str, of: Of, value: Value | None) -> None:
        if value is not None and field in self._within:
            self._found.setdefault(field, {}).setdefault(of, set()).add(value)

    def _texts(self, field: str, of: Of, passages: Iterable[Json]) -> None:
        for passage in passages:
            if passage["about"] != BOILERPLATE:
                self._say(field, of, _text(passage["text"]))

    def _of_report(self, referral: Json) -> None:
        sender = _text(referral["sender"])
        for name in ("issuer", "number", "incident_type", "incident_time_note"):
            self._say(f"report.{name}", (), _text(referral[name]))
        self._say("report.sender", (), sender)
        service = _text(referral["service"])
        self._say("report.service", (), service if service != sender else None)
        self._say("report.received", (), _time(referral["received"]))
        self._say("report.incident_at", (), _time(referral["incident"]))
        self._say("report.escalated", (), None if referral["escalated"] is None else _squashed(referral["escalated"]))
        self._say("report.bundled", (), bool(referral["bundled"]))
        for mark in referral["annotations"]:
            self._say("report.annotations", (), _text(mark))
        for number in referral["prior_numbers"]:
            self._say("report.prior_numbers", (), _text(number))

    def _of_person(self, person: Json) -> None:
        label = self._persons.get(person["ordinal"])
        if label is None:
            return
        fields = person["fields"]
        self._say("person.role", (), label)
        for name in NAMES:
            self._say(f"person.{name}", (label,), _SPELLED.get(name, _text)(fields.get(name)))
        for address in _addresses(fields):
            self._say("person.address", (label,), address)
        self._texts("person.passage", (label,), person["passages"])

    def _of_file(self, file: Json, field: str, name: str) -> None:
        """The field that a file is known by is said of the report, all others of the file."""
        digests = {**file["digests"], **file["odd_digests"]}
        stated: dict[str, Value | None] = {
            **{key: _text(file[key]) for key in ("name", "original_name", "sender_file_id", "classification", "relevance")},
            **{algorithm: _text(digests.get(algorithm)) for algorithm in DIGESTS},
            "viewed": file["viewed"],
            "publicly_available": file["publicly_available"],
            "uploaded_at": _time(file["uploaded"]),
        }
        for key, value in stated.items():
            known_by = f"file.{key}" == field
            self._say(f"file.{key}", () if known_by else (name,), name if known_by else value)
        for tag in file["tags"]:
            self._say("file.tags", (name,), _text(tag))

    def _of_sighting(self, sighting: Json) -> None:
        bearer = self._bearer(sighting)
        kind, value = sighting["kind"], _text(sighting["normal"] or sighting["value"])
        if bearer is None or value is None or kind == "other" or sighting["in_text"] or kind not in self._within:
            return
        self._say(kind, bearer, value)
        of = (*bearer, value)
        if kind in _VERIFIED:
            self._say(f"{kind}.verified", of, sighting["verified"])
        if kind in {"user_id", "screen_name"}:
            self._say("service", of, _text(sighting["service"]))
        if kind == "ip":
            self._of_address(sighting, of)

    def _of_address(self, sighting: Json, of: Of) -> None:
        """Event and port belong to one use of the address: to a moment, where moments can be told, as the address itself does."""
        at = _time(sighting["time"])
        self._say("ip.at", of, at)
        if at and "ip.at" in self._within:
            self._say("ip", (*of[:-1], at), of[-1])
        use = (*of, at or "") if "ip.at" in self._within else of
        event = _text(sighting["event"])
        self._say("ip.event", use, event.casefold() if event else None)
        self._say("ip.port", use, None if sighting["port"] is None else str(sighting["port"]))

    def _bearer(self, sighting: Json) -> Of | None:
        """Who or what bears an identifier; None where not both documents could say so."""
        person, file = sighting["person"], sighting["attachment"]
        if person is not None:
            return (self._persons[person],) if person in self._persons else None
        if file is not None:
            return (self._files[file][1],) if "file.identifiers" in self._within else None
        return () if "report.identifiers" in self._within else None


def _labels(persons: Iterable[Json], within: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Each person that can be named, by part and place: ``reported 1``, ``recipient 2``."""
    counts: dict[str, int] = {}
    for person in persons:
        role = person["role"]
        counts[role] = counts.get(role, 0) + 1
        if ("person.role" if role == Role.REPORTED else f"person.{role}") in within and "person.role" in within:
            yield person["ordinal"], f"{role} {counts[role]}"


def _anchor(file: Json, within: frozenset[str]) -> tuple[str, str]:
    """The field by which a file is known, and its value there."""
    if "file.name" in within and (name := _text(file["name"])):
        return "file.name", name
    for algorithm in ("sha256", "sha1", "md5", "pdq"):
        if f"file.{algorithm}" in within and (value := file["digests"].get(algorithm)):
            return f"file.{algorithm}", value
    return "", "file"


def _numbered(anchors: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The anchors, each once: a second file of one name is ``name (2)``."""
    counts: dict[str, int] = {}
    told = []
    for field, name in anchors:
        counts[name] = counts.get(name, 0) + 1
        told.append((field, name if counts[name] == 1 else f"{name} ({counts[name]})"))
    return told


def _addresses(fields: Mapping[str, str]) -> Iterator[str]:
    """Each address on one line: street, place, region, code, country, as far as stated."""
    found: dict[str, dict[str | None, str]] = {}
    for key, value in fields.items():
        match = _ADDRESS.fullmatch(key)
        if match and value:
            found.setdefault(match[1], {})[match[2]] = _squashed(value)
    for parts in found.values():
        yield ", ".join(parts[part] for part in _PARTS if part in parts)


def _squashed(text: str) -> str:
    return " ".join(text.split())


def _text(value: object) -> str | None:
    """A text without the sender's line breaks; None where nothing is said."""
    return (_squashed(str(value)) or None) if value is not None else None


def _day(value: object) -> str | None:
    text = _text(value)
    wall = moments.read(text).wall if text else None
    return wall.date().isoformat() if wall else text


_SPELLED: Mapping[str, Callable[[object], str | None]] = {"date_of_birth": _day}


def _time(moment: Json | None) -> str | None:
    """UTC where the zone is known; else the time as it stood, marked; else the text as written."""
    if moment is None:
        return None
    if moment["at_utc"]:
        return str(moment["at_utc"])
    wall = moments.read(moment["at"]).wall
    return f"{wall.isoformat()} ({UNZONED})" if wall else _text(moment["at"])
