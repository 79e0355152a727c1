"""Referrals: handed in, listed in rank order, read, decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime

from grace.accounts.capabilities import Capability
from grace.api.idempotency import HEADER, once
from grace.api.tokens import viewer
from grace.api.upload import body_of
from grace.api.v1.schemas import (
    AxesOut,
    CorrectionIn,
    CorrectionOut,
    DecisionIn,
    DecisionOut,
    DocumentFeedbackOut,
    FileOut,
    GroupOut,
    MembershipOut,
    QueuePageOut,
    QueueRowOut,
    ReceiptOut,
    ReferralOut,
    StateOut,
    StatesOut,
    VersionOut,
    Words,
)
from grace.api.v1.versions import stamp
from grace.casework.decide import Wish
from grace.casework.models import Decision, QueueRow
from grace.casework.queue import Filters, Row
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid, Refused
from grace.links.read import Membership
from grace.pipeline import consult, feedback
from grace.pipeline.consult import Dossier
from grace.pipeline.decide import decide
from grace.pipeline.file_signals import FileNews
from grace.pipeline.receive import Delivery, Intake, Outcome, Receipt, receive
from grace.pipeline.route import correct_states
from grace.priority.models import Assessment
from grace.referrals.attachments import INSIDE
from grace.referrals.read import canonical_of
from grace.routing.concerned import Concerned
from grace.routing.correct import Word
from grace.routing.models import Correction

router = Router(tags=["referrals"])


class QueueFilters(Schema):
    """Which referrals: all filters narrow."""

    status: str = "open"
    whose: str = ""
    sender: UUID | None = None
    kind: str = ""
    urgent: bool = False
    since: AwareDatetime | None = None
    text: str = ""
    state: str = ""
    group: UUID | None = None
    lane: UUID | None = None
    every: bool = False
    over_share: date | None = None

    def filters(self) -> Filters:
        """The same, as the queue takes it."""
        return Filters(**self.model_dump())


@router.post("", response={200: ReceiptOut, 201: ReceiptOut, 202: ReceiptOut}, summary="Hand a document in")
@declares(Kind.COLLECTION)
def hand_in(request: HttpRequest, name: Words = "document") -> Status[dict[str, Any]]:
    """Hand in one document as the request's body, in any format that is read, or a ZIP of it with its files.

    201: a new referral or version. 200: we have this document. 202: taken in, but not readable: it lies in quarantine.
    """
    asking = viewer(request)
    asking.require(Capability.RECEIVE)
    with body_of(request) as body:
        if not body.data:
            raise Invalid("The request holds no document.", remedy="Send the document as the request's body.")

        def work() -> tuple[int, dict[str, Any]]:
            receipt = receive(Intake(asking.unit_id, "api", asking.actor), [Delivery(name[:500], body.data)])[0]
            return _STATUS[receipt.outcome], _receipt(receipt)

        return Status(*once(asking.officer_id, request.headers.get(HEADER), name.encode() + b"\0" + body.digest, work))


_STATUS = {Outcome.NEW: 201, Outcome.VERSION: 201, Outcome.DOUBLE: 200, Outcome.QUARANTINED: 202}


@router.get("", response=QueuePageOut, summary="The queue, in rank order")
@declares(Kind.CONSULTATION)
def list_queue(
    request: HttpRequest,
    filters: Query[QueueFilters],
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> QueuePageOut:
    """A page of the unit's queue; follow ``after`` to the next. Rows hold no identifiers.

    Of a group only its line is listed; ``every`` lists all members too, ``group`` those of one group.
    """
    page = consult.queue_page(viewer(request), filters.filters(), after=after, most=limit)
    return QueuePageOut(items=[_row(row) for row in page.rows], after=page.after)


@router.get("/{uuid:referral}", response=ReferralOut, summary="One referral")
@declares(Kind.CONSULTATION)
def read_one(request: HttpRequest, referral: UUID) -> ReferralOut:
    """One referral with its reasons, versions and files. What persons it names is told to the officer who took it."""
    return _referral(consult.dossier(viewer(request), referral))


@router.get("/{uuid:referral}/feedback", response=list[DocumentFeedbackOut], summary="What a referral's documents lacked")
@declares(Kind.CONSULTATION)
def read_feedback(request: HttpRequest, referral: UUID) -> list[dict[str, Any]]:
    """What each standing document lacked, the newest first: codes and places, no personal data."""
    return [feedback.as_json(each) for each in feedback.of_referral(viewer(request), referral)]


@router.get("/{uuid:referral}/decisions", response=list[DecisionOut], summary="The decisions on a referral")
@declares(Kind.CONSULTATION)
def list_decisions(request: HttpRequest, referral: UUID) -> list[DecisionOut]:
    """All decisions, newest first."""
    return [_decision(each) for each in consult.dossier(viewer(request), referral).decisions]


@router.post("/{uuid:referral}/decisions", response={201: DecisionOut}, summary="Decide")
@declares(Kind.ALTERATION, Kind.DISCLOSURE)
def decide_one(request: HttpRequest, referral: UUID, wish: DecisionIn) -> Status[DecisionOut]:
    """Record an officer's decision. Needs an officer's own session: no program decides about a person (law, L11)."""
    asking = viewer(request)
    if asking.via != "officer":
        raise Refused("Only an officer decides.", remedy="Sign in, and send the session cookie and the CSRF token.")

    def work() -> tuple[int, dict[str, Any]]:
        return 201, _decision(decide(asking, referral, Wish(**wish.model_dump()))).model_dump(mode="json")

    request_said = f"{referral}{wish.model_dump_json()}".encode()
    status, answer = once(asking.officer_id, request.headers.get(HEADER), request_said, work)
    return Status(status, DecisionOut(**answer))


@router.post("/{uuid:referral}/states", response={201: CorrectionOut}, summary="Correct the states concerned")
@declares(Kind.ALTERATION)
def correct_one(request: HttpRequest, referral: UUID, word: CorrectionIn) -> Status[CorrectionOut]:
    """Record an officer's word on one recipient. Needs an officer's own session, as every decision does."""
    asking = viewer(request)

    def work() -> tuple[int, dict[str, Any]]:
        return 201, _correction(correct_states(asking, referral, Word(**word.model_dump()))).model_dump(mode="json")

    request_said = f"{referral}states{word.model_dump_json()}".encode()
    status, answer = once(asking.officer_id, request.headers.get(HEADER), request_said, work)
    return Status(status, CorrectionOut(**answer))


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "outcome": receipt.outcome.value,
        "document": str(receipt.document_id),
        "referrals": [str(each) for each in receipt.referrals],
        "numbers": list(receipt.numbers),
        "reason_code": receipt.reason_code,
        "reason": receipt.reason,
        "feedback": [[each.as_json() for each in some] for some in receipt.feedback],
    }


def _axes(of: Row | QueueRow | Assessment) -> AxesOut:
    return AxesOut(completeness=of.completeness, actionability=of.actionability, urgency=of.urgency, novelty=of.novelty)


def _row(row: Row) -> QueueRowOut:
    return QueueRowOut(
        id=row.referral_id,
        number=row.number,
        status=row.status,
        outcome=row.outcome,
        floor=row.floor,
        score=row.score,
        axes=_axes(row),
        why=row.why,
        sender=row.sender_name,
        incident_kind=row.incident_kind,
        summary=row.summary,
        format=row.format,
        received_at=row.received_at,
        recipients=row.recipients,
        group=row.group_id,
        stands_for_group=row.stands,
        bulk_lane=row.lane_id,
    )


def _referral(found: Dossier) -> ReferralOut:
    row, assessment = found.row, found.assessment
    return ReferralOut(
        id=row.referral_id,
        number=row.number,
        status=row.status,
        outcome=row.outcome,
        floor=assessment.floor,
        score=assessment.score,
        axes=_axes(assessment),
        reasons=assessment.reasons,
        sender=row.sender.name,
        incident_kind=row.incident_kind,
        received_at=row.received_at,
        versions=[VersionOut(**stamp(each)) for each in found.versions],
        contradictions=row.summary.get("contradictions", 0),
        files=[_file(each) for each in found.files if each.named.state != INSIDE],
        concerned=_concerned(found.concerned),
        groups=[_membership(each) for each in found.groups],
        says=canonical_of(found.told.version) if found.uncovered else None,
    )


def _concerned(found: Concerned) -> StatesOut:
    return StatesOut(
        recipients=found.recipients,
        proposals=[
            StateOut(state=each.state, criterion=each.criterion, confidence=each.confidence, reasons=each.reasons)
            for each in found.proposals
        ],
        corrections=[_correction(each) for each in found.corrections],
    )


def _correction(correction: Correction) -> CorrectionOut:
    return CorrectionOut(
        id=correction.id,
        act=correction.act,
        recipient=correction.recipient,
        criterion=correction.criterion,
        reason=correction.reason,
        officer=correction.officer_id,
        proposed=correction.proposed,
        corrected_at=correction.corrected_at,
    )


def _membership(each: Membership) -> MembershipOut:
    group = GroupOut.from_orm(each.group)
    return MembershipOut(group=group, basis=each.basis, evidence=each.evidence, joined_at=each.joined_at, split_at=each.split_at)


def _file(file: FileNews) -> FileOut:
    return FileOut(
        attachment=file.named.id,
        file=file.named.file_id,
        state=file.named.state,
        standing=file.standing.value,
        viewed_by_provider=file.named.viewed,
        digests={name: value.hex() for name, value in file.named.digests.items()},
        named_by_referrals=file.spread,
    )


def _decision(decision: Decision) -> DecisionOut:
    return DecisionOut(
        id=decision.id,
        act=decision.act,
        reason=decision.reason,
        recipient=decision.recipient,
        officer=decision.officer_id,
        decided_at=decision.decided_at,
        reverses=decision.reverses_id,
    )
