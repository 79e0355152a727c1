"""From what a document says to flat facts in normal spellings: pure, fast, no tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grace.identifiers.moments import Moment
from grace.sdk.intake import Attachment, Kind, Role


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
    found in the sender's free text.
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
    """All of a report that other rooms store, count and compare."""

    persons: tuple[PersonFact, ...]
    sightings: tuple[SightingFact, ...]
    attachments: tuple[AttachmentFact, ...]
    received: Moment | None
    incident: Moment | None
