"""What other agencies hand over: checked when it comes, taken in by the same verb as everything else once an officer says so.

carrier ─▶ check ─▶ inbox ─▶ receipt            officer ─▶ accept / partly ─▶ intake ─▶ answer
             └─ refused, with a reason, written down       └─ refuse ─▶ erased here ─▶ answer
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.casework import alerts
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.exchange import inbox, outbox
from grace.exchange import models as tables
from grace.exchange import part as parts
from grace.exchange.errors import Rejected
from grace.exchange.label import Head, read_head
from grace.exchange.manifest import Manifest
from grace.exchange.models import Arrival, Dispatch
from grace.exchange.part import Part
from grace.exchange.unpack import Content
from grace.intake import senders
from grace.kernel import clock
from grace.kernel.errors import Conflict, Refused
from grace.pipeline import jobs
from grace.pipeline.consult import consult, refusals_told
from grace.pipeline.corrections import ACTOR, PURPOSE
from grace.pipeline.receive import Delivery, Intake, Outcome, receive
from grace.referrals.models import Version

WAY = "exchange"
NOBODY = "visitor:unknown"
State = Arrival.State


def receive_package(stream: BinaryIO) -> Arrival:
    """Take a whole package (head and body, seekable) that a carrier brought; one that is here already changes nothing.

    Raises :class:`Rejected` with its reason, once the attempt is written down.
    """
    head: Head | None = None
    try:
        head = read_head(stream)
        with transaction.atomic():
            came = inbox.arrive(stream, head, clock.now())
            if came.is_new:
                _follow(came.arrival)
            return came.arrival
    except Rejected as fault:
        note_rejection(fault, head.label.sender if head else None, head.label.package if head else None)
        raise


def note_rejection(fault: Rejected, sender: UUID | None, package: UUID | None) -> None:
    """Write down what was not taken, once."""
    if fault.written_down:
        return
    subjects = (f"package:{package}",) if package else ()
    # A label is only a claim until its signature was checked: then the sender is a subject at most.
    with transaction.atomic():
        claimed = (f"agency:{sender}",) if sender else ()
        line = Line(Kind.COLLECTION, "exchange.receive", NOBODY, PURPOSE, (*subjects, *claimed), {"reason": fault.code}, denied=True)
        ledger.record(line)
    fault.written_down = True


def _follow(arrival: Arrival) -> None:
    """What a new arrival brings about at once: an answer ends here, a correction of what was taken in follows by itself."""
    actor = f"agency:{arrival.agency_id}"
    ledger.record(_line(Kind.COLLECTION, "exchange.receive", actor, PURPOSE, arrival))
    if arrival.kind == tables.Kind.ANSWER:
        _take_answer(arrival)
    elif arrival.kind == tables.Kind.UPDATE and arrival.replaces is not None:
        _correct(arrival, arrival.replaces)
    if arrival.urgent and arrival.state == State.WAITING and not (arrival.replaces and arrival.replaces.urgent):
        _alert(arrival)


def _alert(arrival: Arrival) -> None:
    """Tell at once that what a floor holds up at its sender waits here; a follower of what was told already is not told again."""
    if alerts.raise_for_package(arrival.unit_id, arrival.id, arrival.reference, clock.now()):
        jobs.send_alerts()


def _take_answer(arrival: Arrival) -> None:
    said = inbox.manifest_of(arrival)
    now = clock.now()
    found = outbox.answered(arrival.agency_id, said.answers, said.answer, said.reason, now) if said.answers else None
    if found is None:
        raise Rejected("unknown-package")
    inbox.settle(arrival, State.NOTED, ACTOR, said.answer, now)
    detail = {"answer": said.answer}
    subjects = (f"package:{arrival.package}", *outbox.subjects([found]))
    ledger.record(Line(Kind.ALTERATION, "exchange.answered", f"agency:{arrival.agency_id}", PURPOSE, subjects, detail))


def _correct(arrival: Arrival, earlier: Arrival) -> None:
    """A new version of what was accepted whole is taken in at once (law, L8); of what waits, it takes the place."""
    now = clock.now()
    if earlier.state == State.ACCEPTED:
        _take_in(arrival, Part(), ACTOR, "", now)
    standing = Arrival.objects.select_for_update().filter(state=State.WAITING, agency_id=arrival.agency_id).exclude(id=arrival.id)
    for each in standing.filter(id=earlier.id) | standing.filter(replaces=earlier, kind=tables.Kind.UPDATE):
        inbox.settle(each, State.SUPERSEDED, ACTOR, "", now)


def accept(viewer: Viewer, arrival_id: UUID, reason: str = "", part: Part | None = None) -> Arrival:
    """Take a package in, whole or in part, into the queue; its sender is told. Raises ``Invalid``, ``Conflict``, ``Missing``."""
    with refusals_told(viewer, "exchange.accept", f"arrival:{arrival_id}", kind=Kind.COLLECTION), transaction.atomic():
        _officer(viewer)
        arrival = inbox.hold(viewer, arrival_id)
        if arrival.kind == tables.Kind.ERASURE:
            raise Conflict(_("This is a request to erase; there is nothing to take in."))
        report = inbox.report_of(arrival) or {"persons": [], "attachments": []}
        chosen = parts.check(part or Part(), len(report["persons"]), len(report["attachments"]))
        _take_in(arrival, chosen, viewer.actor, reason, clock.now(), viewer)
        return arrival


def refuse(viewer: Viewer, arrival_id: UUID, reason: str) -> Arrival:
    """Refuse a package: what it says is erased here, and its sender is told why."""
    with refusals_told(viewer, "exchange.refuse", f"arrival:{arrival_id}"), transaction.atomic():
        _officer(viewer)
        arrival = inbox.hold(viewer, arrival_id)
        if arrival.kind == tables.Kind.ERASURE:
            raise Conflict(_("A request to erase is not refused; say what is done about it."))
        inbox.settle(arrival, State.REFUSED, viewer.actor, reason, clock.now())
        _answer(arrival, "refused", reason, viewer.actor)
        ledger.record(_line(Kind.ERASURE, "exchange.refuse", viewer.actor, viewer.purpose, arrival))
        return arrival


def note_erasure(viewer: Viewer, arrival_id: UUID, reason: str) -> Arrival:
    """Answer a request to erase: what is done about it. Erasing itself is an act of its own."""
    with refusals_told(viewer, "exchange.note", f"arrival:{arrival_id}"), transaction.atomic():
        _officer(viewer)
        arrival = inbox.hold(viewer, arrival_id)
        if arrival.kind != tables.Kind.ERASURE:
            raise Conflict(_("This is no request to erase."))
        inbox.settle(arrival, State.NOTED, viewer.actor, reason, clock.now())
        _answer(arrival, "noted", reason, viewer.actor)
        ledger.record(_line(Kind.ALTERATION, "exchange.note", viewer.actor, viewer.purpose, arrival))
        return arrival


@dataclass(frozen=True, slots=True)
class _Taking:
    """The part of a package that is taken in, as intake opens it."""

    content: Content
    part: Part

    def open(self) -> BinaryIO:
        return self.content.taking(self.part)


def _take_in(arrival: Arrival, part: Part, actor: str, reason: str, now: datetime, viewer: Viewer | None = None) -> None:
    """Hand the part to intake, bind the referral to its conditions, tell the sender; in the caller's transaction."""
    with ExitStack() as stack:
        content = inbox.content(arrival, stack)
        senders.is_agency(content.manifest.sender_name)
        delivery = Delivery(f"handover-{arrival.package}.zip", _Taking(content, part))
        (receipt,) = receive(Intake(arrival.unit_id, WAY, actor), [delivery])
    if receipt.outcome is Outcome.QUARANTINED:
        raise Conflict(_("What the package says cannot be stored: %(why)s") % {"why": receipt.reason})
    known = Version.objects.filter(document_id=receipt.document_id).values_list("referral_id", flat=True).first()
    state = State.ACCEPTED if part.is_all else State.PARTLY
    inbox.settle(arrival, state, actor, reason, now, referral=receipt.referrals[0] if receipt.referrals else known)
    _answer(arrival, state.value, reason, actor)
    ledger.record(_line(Kind.COLLECTION, "exchange.accept", actor, viewer.purpose if viewer else PURPOSE, arrival, part=part.word))


def _answer(arrival: Arrival, word: str, reason: str, actor: str) -> Dispatch:
    made = outbox.answer(arrival, word, reason, actor, clock.now())
    jobs.send_packages()
    return made


def _officer(viewer: Viewer) -> None:
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox page: what waits, and what was decided."""

    waiting: list[Arrival]
    decided: list[Arrival]


def inbox_page(viewer: Viewer) -> Inbox:
    """The unit's packages; a consultation."""
    return consult(
        viewer,
        "exchange.inbox",
        lambda: Inbox(inbox.waiting(viewer), inbox.waiting(viewer, decided=True)),
        lambda found: (f"arrival:{each.id}" for each in (*found.waiting, *found.decided)),
    )


@dataclass(frozen=True, slots=True)
class Package:
    """One package with what it says; ``report`` is None for a message and once it was refused."""

    arrival: Arrival
    manifest: Manifest
    report: Mapping[str, Any] | None


def open_package(viewer: Viewer, arrival_id: UUID) -> Package:
    """One package of the viewer's unit; a consultation."""

    def read() -> Package:
        found = inbox.one(viewer, arrival_id)
        return Package(found, inbox.manifest_of(found), inbox.report_of(found))

    return consult(viewer, "exchange.open", read, lambda found: [f"arrival:{found.arrival.id}"])


def _line(kind: Kind, act: str, actor: str, purpose: str, arrival: Arrival, **detail: str) -> Line:
    subjects = [f"arrival:{arrival.id}", f"package:{arrival.package}", f"agency:{arrival.agency_id}"]
    if arrival.referral_id:
        subjects.append(f"referral:{arrival.referral_id}")
    return Line(kind, act, actor, purpose, tuple(subjects), {"kind": arrival.kind, "way": WAY, **detail})
