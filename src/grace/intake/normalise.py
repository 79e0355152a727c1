"""From what a document says to flat facts in normal spellings: pure, fast, no tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from grace.identifiers import LONGEST, moments, normal, service_name
from grace.identifiers.addresses import split_port
from grace.identifiers.moments import Moment
from grace.intake.in_text import search
from grace.sdk.intake import Attachment, Claim, Kind, Note, Passage, Report, Role

if TYPE_CHECKING:
    from grace.identifiers.find import Found


@dataclass(frozen=True, slots=True)
class PersonFact:
    """One person or account; ``ordinal`` is the place among all persons of the report, from 0."""

    role: Role
    ordinal: int
    fields: Mapping[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class SightingFact:
    """An identifier occurred. Distinct by bearer, kind, value, service, event, time and port.

    ``value`` is the one normal spelling where ``normalised``, else the text as the sender wrote it. ``person`` and
    ``attachment`` are indexes into :class:`Facts`; both None means that the report as a whole bears it. ``at`` is UTC
    and None where no time or no zone is stated; ``wall`` is the time as it stood, without zone. ``weak`` marks an IP
    address that cannot name a subscriber behind a shared address (CGNAT): no second, no zone, or, for IPv4, no port. ``mined`` means
    found in the sender's free text; ``position`` is where in it (code points), and None where the sender's layout told what stands there.
    """

    kind: Kind
    value: str
    as_written: str
    normalised: bool
    path: str
    person: int | None = None
    attachment: int | None = None
    event: str | None = None
    at: datetime | None = None
    wall: datetime | None = None
    at_written: str | None = None
    zone: str | None = None
    precision: str | None = None
    port: int | None = None
    weak: bool = False
    verified: bool | None = None
    service: str | None = None
    label: str | None = None
    mined: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    position: tuple[int, int] | None = None

    @property
    def is_stated(self) -> bool:
        """False for what our search found in running text: it may be shown and linked, but counts for no signal or rule."""
        return self.position is None

    @property
    def place(self) -> str:
        """The path, and behind it the place in the text as RFC 5147 writes it: ``$.note#char=12,29``."""
        return self.path if self.position is None else f"{self.path}#char={self.position[0]},{self.position[1]}"


@dataclass(frozen=True, slots=True)
class AttachmentFact:
    """A file as named; ``digests`` are raw bytes by algorithm, ``odd_digests`` those that are not well-formed."""

    ordinal: int
    stated: Attachment
    digests: Mapping[str, bytes]
    odd_digests: Mapping[str, str]
    uploaded: Moment | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All of a report that other rooms store, count and compare.

    ``found`` tells every place of an identifier in a passage; sightings tell each identifier of a bearer once. ``notes``
    are those of the search.
    """

    persons: tuple[PersonFact, ...]
    sightings: tuple[SightingFact, ...]
    attachments: tuple[AttachmentFact, ...]
    received: Moment | None
    incident: Moment | None
    found: Mapping[Passage, tuple[Found, ...]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


_DIGEST_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64, "pdq": 32}
_NO_FACTS: Mapping[str, str] = {}


def facts(report: Report) -> Facts:
    """The flat facts of a report; the order of persons, files and claims is kept, exact repeats are dropped."""
    utc = report.always_utc
    texts = search(report)
    return Facts(
        tuple(PersonFact(person.role, index, person.fields, person.path) for index, person in enumerate(report.persons)),
        tuple(_sightings(report, texts.found)),
        tuple(_attachment(index, stated, always_utc=utc) for index, stated in enumerate(report.attachments)),
        moments.read(report.received_at, always_utc=utc) if report.received_at is not None else None,
        moments.read(report.incident_at, always_utc=utc) if report.incident_at is not None else None,
        texts.found,
        texts.notes,
    )


_Places = Mapping[Passage, "tuple[Found, ...]"]


def _sightings(report: Report, found: _Places) -> Iterator[SightingFact]:
    for index, person in enumerate(report.persons):
        stated = list(_distinct(person.claims, report, person=index))
        yield from stated
        yield from _in_text(person.passages, found, stated, person=index)
    stated = list(_distinct(report.claims, report))
    yield from stated
    yield from _in_text(report.passages, found, stated)
    for index, file in enumerate(report.attachments):
        stated = list(_distinct(file.claims, report, attachment=index))
        yield from stated
        yield from _in_text(file.passages, found, stated, attachment=index)


def _in_text(
    passages: Iterable[Passage], found: _Places, stated: Iterable[SightingFact], *, person: int | None = None, attachment: int | None = None
) -> Iterator[SightingFact]:
    """What the texts of a bearer hold beyond what is stated of it, each once, where it stands first."""
    if not found:
        return
    seen = {_who(each.kind, each.value, each.service) for each in stated}
    for passage in passages:
        for each in found.get(passage, ()):
            key = _who(each.kind, each.normal, each.service)
            if key not in seen:
                seen.add(key)
                yield _found_in(passage, each, person, attachment)


def _who(kind: Kind, value: str, service: str | None) -> tuple[Kind, str, str | None]:
    """A name is one name at each service; everything else is itself everywhere."""
    return kind, value, service if kind is Kind.SCREEN_NAME else None


def _found_in(passage: Passage, each: Found, person: int | None, attachment: int | None) -> SightingFact:
    return SightingFact(
        each.kind,
        each.normal,
        each.value,
        normalised=True,
        path=passage.path,
        person=person,
        attachment=attachment,
        port=split_port(each.value)[1] if each.kind is Kind.IP else None,
        weak=each.kind is Kind.IP,  # a text states no second that belongs to the address
        service=each.service,
        mined=True,
        facts={"about": passage.about},
        position=(each.start, each.end),
    )


def _distinct(
    claims: Iterable[Claim], report: Report, *, person: int | None = None, attachment: int | None = None
) -> Iterator[SightingFact]:
    seen: set[tuple[object, ...]] = set()
    for claim in claims:
        if len(claim.value) > LONGEST:  # no identifier is that long; the text stays among the leaves
            continue
        sighting = _sighting(claim, report, person, attachment)
        key = (
            sighting.kind,
            sighting.value,
            sighting.service,
            sighting.event,
            sighting.at or sighting.at_written,
            sighting.port,
            sighting.verified,
            sighting.label,
        )
        if key not in seen:
            seen.add(key)
            yield sighting


def _sighting(claim: Claim, report: Report, person: int | None, attachment: int | None) -> SightingFact:
    kind = claim.kind
    value, port = _spelling(claim)
    moment = moments.read(claim.at, always_utc=report.always_utc and not claim.mined) if claim.at is not None else None
    return SightingFact(
        kind,
        claim.value if value is None else value,
        claim.value,
        value is not None,
        claim.path,
        person,
        attachment,
        claim.event,
        moment.at if moment else None,
        moment.wall if moment else None,
        claim.at,
        moment.zone if moment else None,
        moment.precision if moment else None,
        port,
        kind is Kind.IP and value is not None and _is_weak(value, port, moment),
        claim.verified,
        service_name(claim.service) if claim.service else None,
        claim.label,
        claim.mined,
        claim.facts or _NO_FACTS,
    )


def _spelling(claim: Claim) -> tuple[str | None, int | None]:
    """The normal spelling, and the port: from its own field, or, where none is stated, from behind an address."""
    port = _port(claim.port)
    if claim.kind is Kind.IP:
        value, written = split_port(claim.value)
        return value, port or written
    region = claim.facts.get("country_calling_code") if claim.kind is Kind.PHONE else None
    return normal(claim.kind, claim.value, service=claim.service, region=region), port


def _port(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.strip().isdigit() or len(text) > 8:
        return None
    port = int(text)
    return port if 0 < port <= 0xFFFF else None


def _is_weak(address: str, port: int | None, moment: Moment | None) -> bool:
    """Whether the address cannot be put to one subscriber: many share an IPv4 address, none an IPv6 address."""
    if moment is None or moment.at is None or moment.precision not in {"second", "fraction"}:
        return True
    return port is None and ":" not in address


def _attachment(ordinal: int, stated: Attachment, *, always_utc: bool) -> AttachmentFact:
    digests: dict[str, bytes] = {}
    odd: dict[str, str] = {}
    for name, written in stated.digests.items():
        algorithm = name.strip().lower().replace("-", "").replace("_", "")
        value = _digest(algorithm, written)
        if value is not None and digests.setdefault(algorithm, value) == value:
            continue
        odd[name] = written
    uploaded = moments.read(stated.uploaded_at, always_utc=always_utc) if stated.uploaded_at is not None else None
    return AttachmentFact(ordinal, stated, digests, odd, uploaded)


def _digest(algorithm: str, written: str) -> bytes | None:
    length = _DIGEST_BYTES.get(algorithm)
    if length is None or len(written) > 200:
        return None
    try:
        value = bytes.fromhex(written.strip())
    except ValueError:
        return None
    return value if len(value) == length else None
