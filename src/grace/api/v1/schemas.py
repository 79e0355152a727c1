"""What the API says, typed: the source of the OpenAPI description."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class ReceiptOut(Schema):
    """What became of a document that was handed in."""

    outcome: str
    document: UUID
    referrals: list[UUID]
    numbers: list[int]
    reason_code: str
    reason: str


class AxesOut(Schema):
    """The four axes, 0 to 100 each."""

    completeness: int
    actionability: int
    urgency: int
    novelty: int


class QueueRowOut(Schema):
    """One line of the queue; it holds no identifier."""

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


class QueuePageOut(Schema):
    """A page of the queue; ``after`` is the cursor of the next page, or empty."""

    items: list[QueueRowOut]
    after: str


class FileOut(Schema):
    """A file as the newest version names it, without its names."""

    attachment: UUID
    state: str
    standing: str
    viewed_by_provider: bool | None
    digests: dict[str, str]
    named_by_referrals: int


class VersionOut(Schema):
    """One version of a referral."""

    ordinal: int
    document: UUID
    format: str
    known_at: datetime
    said_at: datetime | None


class ReferralOut(Schema):
    """One referral. ``says`` is the canonical JSON, given only to the officer who has taken the referral."""

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
    files: list[FileOut]
    says: dict[str, Any] | None


class DecisionIn(Schema):
    """What an officer decides."""

    act: str
    reason: str = ""
    officer: UUID | None = None
    recipient: str = ""
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
    """An entry of the ledger."""

    id: UUID
    at: datetime
    actor: str
    kind: str
    act: str
    purpose: str
    subjects: list[str]
    denied: bool
