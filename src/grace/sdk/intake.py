"""The contract of an intake format: a package of bytes in, raw statements with their paths out.

A format says what the document *says*, in the document's own spelling; the one normal spelling is made afterwards by
``grace.identifiers``. Plug-ins are found by the entry point group ``grace.intake`` and need the standard library only
(a format may use a parser of its own, as XML does). Inherit :class:`grace.sdk.testing.IntakeFormatContract`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Protocol, runtime_checkable


class Unreadable(Exception):
    """The document cannot be read; intake puts it into quarantine with this reason.

    ``code`` is a short stable word (``truncated``, ``dtd``, ``too-deep`` …); the message must hold nothing that the
    document says, for it is shown to people who may not read the document.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Role(StrEnum):
    """The part in which a sender names a person. Never "suspect": a claim does not make one (law, L7)."""

    REPORTED = "reported"
    RECIPIENT = "recipient"
    VICTIM = "victim"
    SENDER = "sender"
    ASSOCIATED = "associated"


class Kind(StrEnum):
    """Kinds of identifier; ``OTHER`` keeps what no kind fits, under the sender's own label."""

    EMAIL = "email"
    PHONE = "phone"
    IP = "ip"
    URL = "url"
    USER_ID = "user_id"
    SCREEN_NAME = "screen_name"
    DEVICE = "device"
    PAYMENT = "payment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Claim:
    """An identifier as the sender wrote it, and what the sender says of when it was used.

    ``at`` is the time as written, with or without a zone; ``port`` as written; ``event`` the sender's word for what
    happened (login, upload …); ``service`` narrows user ids and screen names to a provider; ``label`` is the sender's
    own name for the kind where it is ``OTHER`` or ``DEVICE``; ``facts`` keeps what else stands there (possible proxy …).
    ``mined`` marks a claim that stands in free text, not in a field of its own: the format's rules for fields (times
    always UTC, say) do not hold for it.
    """

    kind: Kind
    value: str
    path: str
    event: str | None = None
    at: str | None = None
    port: str | None = None
    verified: bool | None = None
    service: str | None = None
    label: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    mined: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Free text: where it stands, what it is (``bio``, ``chat``, ``note``, ``boilerplate`` …)."""

    text: str
    path: str
    about: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person or account as the sender describes it; ``fields`` holds names, birth date, addresses … as written.

    Keys of ``fields`` are snake_case and few are relied on: ``first_name``, ``middle_name``, ``last_name``,
    ``date_of_birth``, ``age``, ``service``, and ``name`` for one that the document does not part; everything else is
    shown as it stands.
    """

    role: Role
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as the referral names it; the bytes may be in the package, elsewhere or nowhere.

    ``digests`` maps ``md5``/``sha1``/``sha256``/``pdq`` (lower case; anything else under the sender's name) to the
    value as written. ``viewed`` is True, False or None (not stated): three states, never two.
    """

    path: str
    name: str | None = None
    original_name: str | None = None
    sender_file_id: str | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    viewed: bool | None = None
    publicly_available: bool | None = None
    classification: str | None = None
    relevance: str | None = None
    uploaded_at: str | None = None
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A deviation or oddity that an officer should know of: stable ``code``, path, a sentence without personal data."""

    code: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of the document, verbatim, at its path; ``known`` is False where the format has no place for it.

    Together the leaves are the whole document: nothing a sender wrote is out of an officer's reach.
    """

    path: str
    value: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What one document says: one report from one sender about one incident.

    ``issuer`` and ``number`` name the referral for good (a later document with the same two is a new version);
    ``number`` None means that the document carries no number, and its digest serves. Times are as written.
    ``escalated`` is the sender's own words for why this is urgent; present means escalated, even when empty.
    ``facts`` holds incident-level statements under snake_case keys (``platform``, ``annotations`` …).
    ``always_utc`` is True where the format defines that times without a zone are UTC; else such a zone is unknown.
    """

    format: str
    issuer: str
    number: str | None
    sender: str
    path: str = "$"
    service: str | None = None
    received_at: str | None = None
    incident_type: str | None = None
    incident_at: str | None = None
    incident_time_note: str | None = None
    escalated: str | None = None
    annotations: tuple[str, ...] = ()
    bundled: bool = False
    prior_numbers: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    persons: tuple[Person, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    notes: tuple[Note, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    always_utc: bool = False


@runtime_checkable
class Member(Protocol):
    """One file of a package; ``open`` gives a fresh stream each time and never touches the disk outside."""

    @property
    def name(self) -> str:
        """The name inside the package, ``/`` between folders, never absolute, never with ``..``."""
        ...

    @property
    def size(self) -> int:
        """Bytes when unpacked, as counted, not as the archive claims."""
        ...

    def open(self) -> BinaryIO:
        """The bytes, from the beginning."""
        ...


@dataclass(frozen=True, slots=True)
class Bytes:
    """A member whose bytes are in memory."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    def open(self) -> BinaryIO:
        """The bytes, from the beginning."""
        return io.BytesIO(self.content)


Package = Mapping[str, Member]
"""The members by name. A single document is a package with one member."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A report, the members that it was read from (the rest may be its files), and the files that lie inside these documents.

    ``files`` are what a document carries within itself, in base64 say; their names are of no member of the package, and
    an attachment that means one of them has its name.
    """

    report: Report
    documents: tuple[str, ...]
    files: tuple[Member, ...] = ()


class IntakeFormat(Protocol):
    """A format. Stateless; one instance serves all threads.

    ``carries`` names the fields (:data:`grace.sdk.fields.FIELDS`) that its documents have a place for: only in these can
    two documents of one report contradict each other.
    """

    name: str
    version: str
    carries: frozenset[str]

    def recognises(self, package: Package) -> float:
        """How sure the format is that it can read the package: 0 (not mine) to 1 (certainly). Reads heads only."""
        ...

    def read(self, package: Package) -> tuple[Reading, ...]:
        """All reports of the package. Raises :class:`Unreadable`, and nothing else, whatever the bytes are."""
        ...

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small benign packages that the format reads: they feed the contract tests and the documentation."""
        ...
