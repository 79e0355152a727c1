"""What of a referral leaves, or is taken in: all of it, or the persons, files and texts that an officer chose. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid

Json = dict[str, Any]
_KEPT = ("referral", "persons", "attachments", "sightings", "passages", "notes", "leaves")
_TEXTS = frozenset({"incident_time_note", "annotations", "facts", "escalated"})


@dataclass(frozen=True, slots=True)
class Part:
    """``persons`` and ``files`` are ordinals, None for all; ``incident`` are the texts and identifiers that the report bears as a whole.

    ``bytes`` tells whether the files themselves go along, or only their digests; ``originals`` the document as the sender wrote it.
    """

    persons: frozenset[int] | None = None
    files: frozenset[int] | None = None
    incident: bool = True
    bytes: bool = True
    originals: bool = True

    @property
    def is_all(self) -> bool:
        """Whether no person, file or text is left out."""
        return self.persons is None and self.files is None and self.incident

    @property
    def word(self) -> str:
        """How the manifest calls it."""
        return "digests" if not self.bytes else "whole" if self.is_all else "part"

    def has_file(self, ordinal: int) -> bool:
        """Whether the file of this ordinal is named."""
        return self.files is None or ordinal in self.files

    def to_store(self) -> Json:
        """As JSON."""
        return {
            "persons": None if self.persons is None else sorted(self.persons),
            "files": None if self.files is None else sorted(self.files),
            "incident": self.incident,
            "bytes": self.bytes,
            "originals": self.originals and self.is_all,
        }


def of(stored: Mapping[str, Any]) -> Part:
    """The part that was stored."""
    persons, files = stored.get("persons"), stored.get("files")
    return Part(
        None if persons is None else frozenset(persons),
        None if files is None else frozenset(files),
        incident=bool(stored.get("incident", True)),
        bytes=bool(stored.get("bytes", True)),
        originals=bool(stored.get("originals", True)),
    )


def check(part: Part, persons: int, files: int) -> Part:
    """The part with all that is everything spelled as None. Raises :class:`Invalid` for an empty one or an ordinal that is not there."""
    chosen_persons, chosen_files = _checked(part.persons, persons), _checked(part.files, files)
    if chosen_persons == frozenset() and chosen_files == frozenset() and not part.incident:
        raise Invalid(_("Nothing was chosen."), remedy=_("Choose at least one person, one file or the texts."))
    return Part(chosen_persons, chosen_files, incident=part.incident, bytes=part.bytes, originals=part.originals)


def _checked(chosen: frozenset[int] | None, number: int) -> frozenset[int] | None:
    if chosen is None:
        return None
    if not chosen <= set(range(number)):
        raise Invalid(_("There is no such person or file in this referral."), remedy=_("Read the page again."))
    return None if len(chosen) == number and number else chosen


def is_sound(report: Mapping[str, Any]) -> bool:
    """Whether a form that came from elsewhere numbers its persons and files from 0 and its sightings point at them."""
    if set(report) != set(_KEPT) or not isinstance(report["referral"], dict) or not report["referral"].keys() >= _TEXTS:
        return False
    if not all(isinstance(report[key], list) and all(isinstance(each, dict) for each in report[key]) for key in _KEPT[1:]):
        return False
    persons, files = ([each.get("ordinal") for each in report[key]] for key in ("persons", "attachments"))
    ordered = persons == list(range(len(persons))) and files == list(range(len(files)))
    digests = all(_are_texts(each.get("digests")) for each in report["attachments"])
    points = all(
        _points(each.get("person", -1), len(persons)) and _points(each.get("attachment", -1), len(files)) for each in report["sightings"]
    )
    return ordered and digests and points


def _points(ordinal: object, number: int) -> bool:
    return ordinal is None or (type(ordinal) is int and 0 <= ordinal < number)


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def choose(canonical: Mapping[str, Any], part: Part) -> Json:
    """The canonical form with what was chosen; persons and files are numbered anew, from 0."""
    report: Json = {key: canonical[key] for key in _KEPT}
    if part.is_all:
        return report
    persons = _renumbered(len(report["persons"]), part.persons)
    files = _renumbered(len(report["attachments"]), part.files)
    report["persons"] = [{**each, "ordinal": persons[each["ordinal"]]} for each in report["persons"] if each["ordinal"] in persons]
    report["attachments"] = [{**each, "ordinal": files[each["ordinal"]]} for each in report["attachments"] if each["ordinal"] in files]
    report["sightings"] = list(_sightings(report["sightings"], persons, files, incident=part.incident))
    report["notes"] = []
    if not part.incident:
        report["passages"] = []
        report["referral"] = _without_texts(report["referral"])
    report["leaves"] = [{"path": path, "value": value, "known": True} for path, value in leaves({**report, "leaves": None, "notes": None})]
    return report


def _renumbered(number: int, chosen: frozenset[int] | None) -> dict[int, int]:
    kept = [ordinal for ordinal in range(number) if chosen is None or ordinal in chosen]
    return {old: new for new, old in enumerate(kept)}


def _sightings(sightings: list[Json], persons: Mapping[int, int], files: Mapping[int, int], *, incident: bool) -> Iterator[Json]:
    for each in sightings:
        person, file = each["person"], each["attachment"]
        if person is None and file is None:
            if incident:
                yield each
        elif (person is None or person in persons) and (file is None or file in files):
            yield {
                **each,
                "person": None if person is None else persons[person],
                "attachment": None if file is None else files[file],
            }


def _without_texts(referral: Json) -> Json:
    said = {**referral, "incident_time_note": None, "annotations": [], "facts": {}}
    return {**said, "escalated": None if referral["escalated"] is None else ""}


def leaves(value: object, path: str = "$.report") -> Iterator[tuple[str, str]]:
    """Every value of a tree with its path; null is none."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from leaves(item, f"{path}[{place}]")
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif value is not None:
        yield path, str(value)
