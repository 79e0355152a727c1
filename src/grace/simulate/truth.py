"""What is so in the invented world, told beside each document, so that what GRACE finds can be compared with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from grace.sdk.intake import Kind, Role
from grace.simulate.plan import Form


class Reason(StrEnum):
    """Why a referral is urgent."""

    ESCALATED = "escalated"
    ACCESS_TO_CHILD = "access-to-child"
    YOUNG_VICTIM = "young-victim"
    ANNOTATED = "annotated"
    FRESH_FILE = "fresh-file"


class Standing(StrEnum):
    """How a file stands to the world: on the lists, near one that is, everywhere, shared by a group, or new."""

    KNOWN = "known"
    NEAR = "near"
    VIRAL = "viral"
    LINKED = "linked"
    NEW = "new"


class Resend(StrEnum):
    """How a document repeats an earlier one: byte for byte, or as a changed version under the same number."""

    DUPLICATE = "duplicate"
    VERSION = "version"


class Flaw(StrEnum):
    """What is wrong with a document, on purpose."""

    UNKNOWN_ZONE = "unknown-zone"
    FILE_MISSING = "file-missing"
    FILE_EXTRA = "file-extra"
    FILE_CHANGED = "file-changed"
    TRUNCATED = "truncated"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class FileTruth:
    """One file as the document names it: ``md5`` as written there, ``key`` what it shows, ``present`` if bytes came along.

    ``distance`` is the PDQ distance to the listed picture, measured, for a near file whose bytes are there.
    """

    name: str
    md5: str
    standing: Standing
    key: str
    variant: str | None = None
    present: bool = False
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so about one document.

    ``number`` is the report's number where the document carries one. ``stated`` tells whether the document gives the
    reason of an urgent referral. ``states`` are the states concerned, ``states_stated`` those that an address, a
    location, or a telephone number in the document gives away (networks do so by the world's own table). ``places`` are the
    states with the part of each person there, where the document gives it away, by networks too: what the facts allow to
    know, which may be less than what is so. ``misleading`` tells that a line or a street is not where its user is and nobody
    could know it.
    ``identifiers`` of persons and captures are in their normal spelling. ``resend_of`` is the index of the document
    that this one repeats; then all else is told of what that one says, as changed.
    """

    index: int
    number: str | None
    sender: str
    form: Form
    urgent: bool
    why: Reason | None
    stated: bool
    escalated: bool
    states: tuple[str, ...]
    states_stated: tuple[str, ...]
    places: tuple[tuple[Role, str], ...]
    misleading: bool
    incident_at: datetime
    received_at: datetime
    arrives_at: datetime
    files: tuple[FileTruth, ...] = ()
    identifiers: tuple[tuple[Kind, str], ...] = ()
    viral: bool = False
    bundled: bool = False
    group: str | None = None
    linked_by: tuple[str, ...] = ()
    resend: Resend | None = None
    resend_of: int | None = None
    flaws: tuple[Flaw, ...] = ()

    @property
    def states_knowable(self) -> tuple[str, ...]:
        """The states that the facts of the document allow to know."""
        return tuple(sorted({state for _, state in self.places}))

    @property
    def readable(self) -> bool:
        """False where a reader must give up and quarantine."""
        return Flaw.TRUNCATED not in self.flaws

    def as_json(self) -> str:
        """One line of JSON; times in UTC with their offset."""
        return json.dumps(asdict(self), default=_written, ensure_ascii=False, separators=(",", ":"))


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


@dataclass(frozen=True, slots=True)
class SimulatedDocument:
    """A document as the outside would send it: one file's bytes, or a folder's members by name; and the truth of it."""

    name: str
    content: bytes | Mapping[str, bytes]
    truth: Truth

    def members(self) -> Mapping[str, bytes]:
        """The files by name; a single document is a folder of one."""
        return {self.name: self.content} if isinstance(self.content, bytes) else self.content
