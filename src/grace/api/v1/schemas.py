"""What the API says, typed: the source of the OpenAPI description."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("no text may hold a NUL character")
    return text


Limit = Annotated[int, Field(ge=1, le=200)]
"""How many things a page holds at most."""
Size = Annotated[int, Field(ge=1)]
"""How many leaves a tree has."""
Words = Annotated[str, AfterValidator(_storable)]
"""Text that the database can hold."""


class RemarkOut(Schema):
    """One thing that a report lacks: a published code, the field, how badly, a sentence for people, how often, and the first places."""

    code: str
    field: str = ""
    severity: str = ""
    says: str = ""
    count: int
    paths: list[str]


class DocumentFeedbackOut(Schema):
    """What one document of a referral lacked; ``looked`` is false for a document that came in before this was found."""

    feedback: int
    referral: int
    issuer: str
    report: str
    document: int
    format: str
    known_at: datetime
    looked: bool
    remarks: list[RemarkOut]


class ReceiptOut(Schema):
    """What became of a document that was handed in; ``feedback`` is what each of its reports lacks, in the order of ``referrals``."""

    outcome: str
    document: UUID
    referrals: list[UUID]
    numbers: list[int]
    reason_code: str
    reason: str
    feedback: list[list[RemarkOut]] = []


class AxesOut(Schema):
    """The four axes, 0 to 100 each."""

    completeness: int
    actionability: int
    urgency: int
    novelty: int


class QueueRowOut(Schema):
    """One line of the queue; it holds no identifier. A line that ``stands_for_group`` is all that is shown of that group."""

    id: UUID
    number: int
    status: str
    outcome: str
    floor: int
    score: int
    axes: AxesOut
    why: list[list[Any]]
    sender: str
    incident_kind: str
    summary: dict[str, Any]
    format: str
    received_at: datetime
    recipients: list[str]
    group: UUID | None
    stands_for_group: bool
    bulk_lane: UUID | None


class QueuePageOut(Schema):
    """A page of the queue; ``after`` is the cursor of the next page, or empty."""

    items: list[QueueRowOut]
    after: str


class FileOut(Schema):
    """A file as the newest version names it, without its names; ``file`` where its bytes are here."""

    attachment: UUID
    file: UUID | None
    state: str
    standing: str
    viewed_by_provider: bool | None
    digests: dict[str, str]
    named_by_referrals: int


class VersionOut(Schema):
    """One version of a referral: which document, when it was said, when we knew it; it stands until ``replaced_at``."""

    ordinal: int
    document: UUID
    format: str
    known_at: datetime
    said_at: datetime | None
    replaced_at: datetime | None


class VersionLineOut(VersionOut):
    """A version in the list: whether it stands at the moment asked for, and the fields in which it corrects the one that it replaced."""

    stands: bool
    corrects: int | None
    corrected: list[str]


class VersionPageOut(Schema):
    """A page of versions, the newest first; ``after`` is the cursor of the next page, or empty."""

    items: list[VersionLineOut]
    after: str


class VersionSaysOut(VersionLineOut):
    """A version and what it says: ``says`` is its canonical JSON, given only to the officer who has taken the referral."""

    says: dict[str, Any] | None


class SideOut(Schema):
    """One side of a contradiction: its source, and what it says there, given only to the officer who has taken the referral."""

    version: int
    document: UUID
    format: str
    said_at: datetime | None
    known_at: datetime
    says: list[str | bool] | None


class ContradictionOut(Schema):
    """What two documents say differently in a field of which both could speak, since when we know it, until when it stood.

    ``of`` is what both speak of: a person by part and place, a file by its name, an address; the report where it is empty.
    Whoever has not taken the referral is told the persons only.
    """

    id: int
    field: str
    of: list[str]
    older: SideOut
    newer: SideOut
    since: datetime
    until: datetime | None
    stands: bool


class ContradictionPageOut(Schema):
    """A page of contradictions, those that stand first; ``after`` is the cursor of the next page, or empty."""

    items: list[ContradictionOut]
    after: str


class StateOut(Schema):
    """A state that the evidence speaks for, by one criterion of Regulation (EU) 2022/2065, Article 18, how sure, and why.

    Each reason names its kind, the person by place, and where it stands in the document; it copies no value.
    """

    state: str
    criterion: str
    confidence: float
    reasons: list[dict[str, Any]]


class CorrectionIn(Schema):
    """What an officer says of a recipient (two letters of a state, or europol): add, confirm or remove, with a reason."""

    act: Words
    recipient: Words = ""
    reason: Words = ""
    criterion: Words = ""


class CorrectionOut(Schema):
    """A correction; ``proposed`` is how sure the proposals were then, null where they did not name it."""

    id: UUID
    act: str
    recipient: str
    criterion: str
    reason: str
    officer: UUID
    proposed: float | None
    corrected_at: datetime


class StatesOut(Schema):
    """Who is concerned: states, and europol where no member state is known; what was proposed, and what officers corrected."""

    recipients: list[str]
    proposals: list[StateOut]
    corrections: list[CorrectionOut]


class GroupOut(Schema):
    """A group: its kind (viral, duplicate, bundle), its size, and for a viral one the digest of the file, hexadecimal."""

    id: UUID
    kind: str
    digest: str
    members: int
    accounts: int
    senders: int
    first_at: datetime | None
    last_at: datetime | None


class GroupPageOut(Schema):
    """A page of groups; ``after`` is the cursor of the next page, or empty."""

    items: list[GroupOut]
    after: str


class MembershipOut(Schema):
    """That a referral belongs to a group, on which basis and by which evidence; ``split_at`` says since when no longer."""

    group: GroupOut
    basis: str
    evidence: dict[str, Any]
    joined_at: datetime
    split_at: datetime | None


class ReferralOut(Schema):
    """One referral. ``says`` is the canonical JSON of the leading version, given only to the officer who has taken the referral.

    What each version says and how they contradict each other: see the operations ``versions`` and ``contradictions``.
    """

    id: UUID
    number: int
    status: str
    outcome: str
    floor: int
    score: int
    axes: AxesOut
    reasons: dict[str, Any]
    sender: str
    incident_kind: str
    received_at: datetime
    versions: list[VersionOut]
    contradictions: int
    files: list[FileOut]
    concerned: StatesOut
    groups: list[MembershipOut]
    says: dict[str, Any] | None


class DecisionIn(Schema):
    """What an officer decides: take, assign, duplicate, known, not_actionable, not_criminal, escalate, hand_over or take_back."""

    act: Words
    reason: Words = ""
    officer: UUID | None = None
    recipient: Words = ""
    confirmed: bool = False


class DecisionOut(Schema):
    """A decision."""

    id: UUID
    act: str
    reason: str
    recipient: str
    officer: UUID
    decided_at: datetime
    reverses: UUID | None


class EntryOut(Schema):
    """An entry of the ledger; ``seq`` is its leaf in the tree, null until it is sequenced."""

    id: UUID
    at: datetime
    actor: str
    kind: str
    act: str
    purpose: str
    subjects: list[str]
    detail: dict[str, str]
    recipient: str
    denied: bool
    seq: int | None


class EntryPageOut(Schema):
    """A page of entries; ``after`` is the cursor of the next page, or empty."""

    items: list[EntryOut]
    after: str


class ProofOut(Schema):
    """That an entry is in the tree of ``size`` leaves: its place, its leaf and the hashes up to the root (RFC 6962), in hexadecimal."""

    entry: UUID
    seq: int
    size: int
    leaf: str
    path: list[str]


class CheckpointOut(Schema):
    """The newest signed checkpoint, as the note that the verifier reads, and how the ledger stands."""

    note: str
    entries: int
    signed: int
    oldest_unsequenced_seconds: float


class ListOut(Schema):
    """A hash list that serves the unit: what it means and may be used for; ``entries`` counts by algorithm."""

    id: UUID
    name: str
    source: str
    meaning: str
    licence: str
    conditions: str
    may_pass_on: bool
    is_own: bool
    default_category: str
    whole_agency: bool
    entries: dict[str, int]
    created_at: datetime
    changed_at: datetime


class LoadedOut(Schema):
    """What an import did, in entries.

    ``id`` is the list's, ``format`` the form that the file had, ``faults`` tells the first refused lines or records;
    ``left_out`` counts those passed over on purpose, by reason; ``kept`` says that a full list took nothing out, because not
    all of it could be read.
    """

    id: UUID
    format: str
    added: int
    changed: int
    known: int
    removed: int
    refused: int
    left_out: dict[str, int]
    kept: bool
    faults: list[tuple[int, str]]
