"""What a report lacks to be worked, said back to its sender in codes: which field, how badly, how often, and where it would stand.

A field for which the report's format has no place is never missing. No remark holds a value: codes, numbers and paths only, so
that one may travel back over any way that the report came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.intake.normalise import AttachmentFact, Facts, SightingFact
from grace.sdk.fields import DIGESTS
from grace.sdk.intake import Kind, Report, Role

MOST_PATHS = 20
"""Places of one code that are named; all of them are counted."""
FORMAT = 1
"""Counts up when a code changes its meaning or goes; new codes may come within a version."""


class Weight(StrEnum):
    """How badly: without what is ``missing`` a lead may end; what is ``weak`` is there and cannot be used as it stands; a ``note`` would help."""

    MISSING = "missing"
    WEAK = "weak"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Code:
    """A published code: its weight, the fields (:data:`grace.sdk.fields.FIELDS`) of which a format must carry one, and a sentence for people."""

    weight: Weight
    fields: tuple[str, ...]
    says: Promise

    @property
    def field(self) -> str:
        """The field that it is about, for machines; empty where it is about the document as a whole."""
        return self.fields[0] if self.fields else ""


@dataclass(frozen=True, slots=True)
class Remark:
    """That a report lacks something, so many times; ``paths`` are the first places: what stands there lacks the field."""

    code: str
    count: int
    paths: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """What is sent back: for machines, with one sentence for people."""
        known = CODES.get(self.code)
        told = {"field": known.field, "severity": known.weight.value, "says": str(known.says)} if known else {}
        return {"code": self.code, **told, "count": self.count, "paths": list(self.paths)}


_MISSING, _WEAK, _NOTE = Weight.MISSING, Weight.WEAK, Weight.NOTE

CODES: Mapping[str, Code] = MappingProxyType(
    {
        "report.number-missing": Code(_MISSING, ("report.number",), gettext_lazy("The report has no number: a correction cannot find it.")),
        "report.type-missing": Code(_NOTE, ("report.incident_type",), gettext_lazy("The type of the incident is not stated.")),
        "incident.time-missing": Code(_MISSING, ("report.incident_at",), gettext_lazy("It is not stated when it happened.")),
        "incident.time-unreadable": Code(_WEAK, ("report.incident_at",), gettext_lazy("The time of the incident cannot be read.")),
        "incident.zone-unknown": Code(_WEAK, ("report.incident_at",), gettext_lazy("The time of the incident has no time zone.")),
        "person.missing": Code(_MISSING, ("person.role",), gettext_lazy("No reported person or account is named.")),
        "person.contact-missing": Code(
            _MISSING, ("email", "phone"), gettext_lazy("A reported person has neither e-mail address nor telephone number.")
        ),
        "person.account-missing": Code(
            _NOTE, ("user_id", "screen_name"), gettext_lazy("A reported person has neither user id nor screen name.")
        ),
        "contact.verified-not-stated": Code(
            _NOTE,
            ("email.verified", "phone.verified"),
            gettext_lazy("It is not stated whether a contact of a reported person was verified."),
        ),
        "ip.missing": Code(_MISSING, ("ip",), gettext_lazy("No IP address is stated.")),
        "ip.unreadable": Code(_WEAK, ("ip",), gettext_lazy("An IP address cannot be read.")),
        "ip.time-missing": Code(_MISSING, ("ip.at",), gettext_lazy("An IP address is stated without the time of its use.")),
        "ip.time-unreadable": Code(_WEAK, ("ip.at",), gettext_lazy("The time at an IP address cannot be read.")),
        "ip.time-imprecise": Code(_WEAK, ("ip.at",), gettext_lazy("The time at an IP address has no seconds.")),
        "ip.port-missing": Code(
            _MISSING, ("ip.port",), gettext_lazy("An IPv4 address is stated without its source port: many subscribers share one address.")
        ),
        "ip.event-missing": Code(_NOTE, ("ip.event",), gettext_lazy("It is not stated what was done from an IP address.")),
        "time.zone-unknown": Code(_WEAK, ("ip.at",), gettext_lazy("A time is stated without its time zone.")),
        "identifier.unreadable": Code(
            _WEAK, ("email", "phone", "url"), gettext_lazy("An e-mail address, telephone number or web address cannot be read.")
        ),
        "file.digest-missing": Code(
            _MISSING,
            tuple(f"file.{each}" for each in DIGESTS),
            gettext_lazy("A file is named without a digest (MD5, SHA-1, SHA-256 or PDQ)."),
        ),
        "file.digest-odd": Code(
            _WEAK, tuple(f"file.{each}" for each in DIGESTS), gettext_lazy("A digest of a file is not well-formed, or of an unknown kind.")
        ),
        "file.bytes-missing": Code(_MISSING, ("file.name",), gettext_lazy("A file is named, others came along, and this one did not.")),
        "file.bytes-not-sent": Code(_NOTE, ("file.name",), gettext_lazy("A file is named; its content did not come with the report.")),
        "file.changed": Code(_WEAK, (), gettext_lazy("A file came whose content does not fit the digest in the report.")),
        "file.viewed-not-stated": Code(
            _MISSING, ("file.viewed",), gettext_lazy("It is not stated whether the sender viewed the whole file.")
        ),
        "file.upload-time-missing": Code(_NOTE, ("file.uploaded_at",), gettext_lazy("It is not stated when a file was uploaded.")),
        "element.unknown": Code(_NOTE, (), gettext_lazy("The report has elements that its format does not know; they are kept and shown.")),
    }
)
"""Every code there is (docs/reference/feedback.md), in the order in which officers read a report."""

_STATES = {"missing": "file.bytes-missing", "named": "file.bytes-not-sent", "changed": "file.changed"}
_PRECISE = frozenset({"second", "fraction"})
_CONTACTS = frozenset({Kind.EMAIL, Kind.PHONE})
_ACCOUNTS = frozenset({Kind.USER_ID, Kind.SCREEN_NAME})
_SPELLED = frozenset({Kind.EMAIL, Kind.PHONE, Kind.URL})

_Told = Iterator[tuple[str, str]]


def remarks(report: Report, said: Facts, carries: frozenset[str], files: Iterable[tuple[str, str]]) -> tuple[Remark, ...]:
    """What a report lacks, in the order of :data:`CODES`.

    ``carries`` are the fields for which its format has a place, ``files`` the path and the state of each of its files
    (``present``, ``missing``, ``changed``, or ``named`` where none came along).
    """
    stated = [each for each in said.sightings if not each.mined]
    found: dict[str, list[str]] = {}
    for part in (_of_report(report, said), _of_persons(said, stated), _of_sightings(stated), _of_files(said.attachments), _of_bytes(files)):
        for code, path in part:
            found.setdefault(code, []).append(path)
    if unknown := sum(not leaf.known for leaf in report.leaves):
        found["element.unknown"] = [""] * unknown  # their names are the sender's own words, and are not repeated
    if "ip" in carries and not any(each.kind is Kind.IP for each in said.sightings):
        found["ip.missing"] = [report.path]
    return tuple(
        Remark(code, len(found[code]), tuple(path for path in dict.fromkeys(found[code]) if path)[:MOST_PATHS])
        for code, known in CODES.items()
        if code in found and (not known.fields or not carries.isdisjoint(known.fields))
    )


def stored(some: Iterable[Remark]) -> list[list[object]]:
    """Remarks as they are kept beside the version that they are about."""
    return [[each.code, each.count, list(each.paths)] for each in some]


def kept(some: Iterable[Iterable[object]] | None) -> tuple[Remark, ...]:
    """Remarks from where they are kept; none where the version is older than they are."""
    return tuple(Remark(str(code), int(str(count)), tuple(_texts(paths))) for code, count, paths in some or ())


def _texts(paths: object) -> list[str]:
    return [str(each) for each in paths] if isinstance(paths, list) else []


def _of_report(report: Report, said: Facts) -> _Told:
    if not report.number:
        yield "report.number-missing", report.path
    if not report.incident_type:
        yield "report.type-missing", report.path
    if said.incident is None:
        yield "incident.time-missing", report.path
    elif said.incident.wall is None:
        yield "incident.time-unreadable", report.path
    elif said.incident.zone == "unknown":
        yield "incident.zone-unknown", report.path


def _of_persons(said: Facts, stated: Iterable[SightingFact]) -> _Told:
    reported = {place: person.path for place, person in enumerate(said.persons) if person.role is Role.REPORTED}
    kinds: dict[int, set[Kind]] = {place: set() for place in reported}
    for each in stated:
        if each.person in kinds:
            kinds[each.person].add(each.kind)
            if each.kind in _CONTACTS and each.verified is None:
                yield "contact.verified-not-stated", each.path
    if not reported:
        yield "person.missing", ""
    for place, path in reported.items():
        if kinds[place].isdisjoint(_CONTACTS):
            yield "person.contact-missing", path
        if kinds[place].isdisjoint(_ACCOUNTS):
            yield "person.account-missing", path


def _of_sightings(stated: Sequence[SightingFact]) -> _Told:
    """An address that one document states with its port is not held against another that states the same use without."""
    ported = {(each.value, each.at) for each in stated if each.kind is Kind.IP and each.port is not None}
    for each in stated:
        if each.kind is not Kind.IP:
            if not each.normalised and each.kind in _SPELLED:
                yield "identifier.unreadable", each.path
            if each.wall is not None and each.zone == "unknown":
                yield "time.zone-unknown", each.path
        elif not each.normalised:
            yield "ip.unreadable", each.path
        else:
            yield from ((code, each.path) for code in _of_address(each, has_port=(each.value, each.at) in ported))


def _of_address(each: SightingFact, *, has_port: bool) -> Iterator[str]:
    if not has_port and ":" not in each.value:
        yield "ip.port-missing"
    if not each.event:
        yield "ip.event-missing"
    if not each.at_written:
        yield "ip.time-missing"
    elif each.wall is None:
        yield "ip.time-unreadable"
    elif each.zone == "unknown":
        yield "time.zone-unknown"
    elif each.precision not in _PRECISE:
        yield "ip.time-imprecise"


def _of_files(files: Iterable[AttachmentFact]) -> _Told:
    for each in files:
        if each.odd_digests:
            yield "file.digest-odd", each.stated.path
        elif not each.digests:
            yield "file.digest-missing", each.stated.path
        if each.stated.viewed is None:
            yield "file.viewed-not-stated", each.stated.path
        if each.uploaded is None:
            yield "file.upload-time-missing", each.stated.path


def _of_bytes(files: Iterable[tuple[str, str]]) -> _Told:
    for path, state in files:
        if state in _STATES:
            yield _STATES[state], path
