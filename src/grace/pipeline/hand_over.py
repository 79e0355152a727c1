"""Handing over: an officer's act, its decision on the referral, its ledger entry and its package, in one transaction.

hand over ─▶ outbox ─▶ (job) pack ─▶ carry ─▶ receipt ─▶ answer
                          ▲
a new version ────────────┘  follows whoever got an older one (law, L8)
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.agencies.identity import own
from grace.casework import decide as casework
from grace.casework.decide import Act, Wish, row_of
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import vault
from grace.exchange import outbox, receipts
from grace.exchange.by_file import ByFile
from grace.exchange.carrier import Carrier, Parcel
from grace.exchange.errors import Rejected, Unreached
from grace.exchange.http import Http
from grace.exchange.models import Dispatch
from grace.exchange.outbox import Order
from grace.exchange.pack import label_of, pack
from grace.exchange.part import of as part_of
from grace.kernel import clock
from grace.kernel.errors import Conflict, GraceError, Missing, Refused
from grace.pipeline import jobs
from grace.pipeline.consult import refusals_told
from grace.pipeline.corrections import ACTOR, PURPOSE, disclosure
from grace.pipeline.rankers import note_outcomes
from grace.pipeline.second_looks import keep_from_leaving


def hand_over(viewer: Viewer, referral_id: UUID, order: Order) -> Dispatch:
    """Hand a referral over, whole or in part. Raises what :func:`grace.exchange.outbox.offer` raises; a refusal is written down."""
    keep_from_leaving(viewer, referral_id, order.reason)
    subjects = (f"referral:{referral_id}", f"agency:{order.agency}")
    with refusals_told(viewer, "exchange.hand_over", *subjects, kind=Kind.DISCLOSURE), transaction.atomic():
        row = row_of(viewer, referral_id)
        now = clock.now()
        found = outbox.offer(viewer, referral_id, order, now, urgent=row.floor > 0)
        if order.closes:
            wish = Wish(Act.HAND_OVER, order.reason, recipient=found.agency.name)
            found.decision = casework.decide(viewer, referral_id, wish, now).id
            note_outcomes(viewer.unit_id, [referral_id])
            found.save(update_fields=["decision"])
        decided = (f"decision:{found.decision}",) if found.decision else ()
        ledger.record(disclosure(found, "exchange.hand_over", viewer.actor, viewer.purpose, *decided, part=part_of(found.part).word))
        jobs.send_packages()
        return found


def ask_erasure(viewer: Viewer, dispatch_id: UUID, reason: str) -> Dispatch:
    """Ask a recipient to erase what it got."""
    with refusals_told(viewer, "exchange.ask_erasure", f"package:{dispatch_id}", kind=Kind.DISCLOSURE), transaction.atomic():
        found = outbox.ask_erasure(viewer, dispatch_id, reason, clock.now())
        ledger.record(disclosure(found, "exchange.ask_erasure", viewer.actor, viewer.purpose))
        jobs.send_packages()
        return found


def send_part(viewer: Viewer, dispatch_id: UUID) -> Dispatch:
    """Let a correction of a part leave."""
    with refusals_told(viewer, "exchange.send_part", f"package:{dispatch_id}", kind=Kind.DISCLOSURE), transaction.atomic():
        found = outbox.send_part(viewer, dispatch_id, clock.now())
        ledger.record(disclosure(found, "exchange.send_part", viewer.actor, viewer.purpose))
        jobs.send_packages()
        return found


def send_due(carrier: Carrier | None = None) -> int:
    """Send every package that is due once, each in a transaction of its own; how many were delivered."""
    return sum(_send(each, carrier or Http()) for each in outbox.due(clock.now()))


def _send(dispatch_id: UUID, carrier: Carrier) -> bool:
    """Whether the package was delivered; a failure is noted, and the next try set."""
    if not _pack(dispatch_id):
        return False
    with transaction.atomic():
        found = outbox.hold(dispatch_id)
        if found is None or found.object_id is None:
            return False
        try:
            parcel = parcel_of(found)
            with parcel.body:
                _settle(found, carrier.carry(parcel))
        except (Unreached, Refused) as fault:
            _failed(found, fault)
            return False
        return True


def _pack(dispatch_id: UUID) -> bool:
    """Whether the package is made and may leave."""
    with transaction.atomic():
        found = outbox.hold(dispatch_id)
        if found is None:
            return False
        try:
            if found.expires_at < clock.now():
                raise Rejected("expired")
            pack(found, outbox.keys_for(found))
        except (Refused, Conflict) as fault:
            _failed(found, fault)
            return False
        return True


def _failed(found: Dispatch, fault: GraceError) -> None:
    """A recipient that is away is tried again; one that refuses, or may not receive any more, is not."""
    code = getattr(fault, "code", "recipient-not-allowed")
    if isinstance(fault, Unreached):
        outbox.put_off(found, code, clock.now())
        if found.due_at is not None:
            jobs.send_packages(found.due_at)
        return
    outbox.give_up(found, code)
    detail = {"failure": code, "attempt": str(found.attempts)}
    subjects = outbox.subjects([found])
    ledger.record(
        Line(Kind.DISCLOSURE, "exchange.deliver", ACTOR, PURPOSE, subjects, detail, denied=True, recipient=f"agency:{found.agency_id}")
    )


def parcel_of(found: Dispatch) -> Parcel:
    """A packed dispatch, ready to leave."""
    if found.object_id is None:
        raise Conflict("This package is not packed.")
    keys = outbox.keys_for(found)
    label = label_of(found)
    return Parcel(label, label.head(own()), vault.open(found.object_id), keys.keys, found.agency.address)


def _settle(found: Dispatch, receipt: str | None) -> None:
    now = clock.now()
    if receipt is None:
        outbox.sent(found, now)
        ledger.record(disclosure(found, "exchange.export", ACTOR, PURPOSE))
        return
    receipts.check(receipt, outbox.keys_for(found).keys, found.id, found.agency_id, bytes(found.sha256))
    outbox.delivered(found, receipt, now)
    ledger.record(disclosure(found, "exchange.deliver", ACTOR, PURPOSE, key=bytes(found.sha256).hex()))


def export(dispatch_id: UUID, path: Path) -> Dispatch:
    """Write a package to a file that is carried across an air gap. Raises :class:`Missing`, :class:`Refused` or ``Invalid``."""
    if not _pack(dispatch_id):
        raise Missing("No such package waits to be carried over, or its recipient may not receive it.", remedy="See grace exchange list.")
    with transaction.atomic():
        found = outbox.hold(dispatch_id)
        if found is None:
            raise Missing("No such package waits to be carried over.", remedy="See grace exchange list.")
        parcel = parcel_of(found)
        with parcel.body:
            ByFile(path).carry(parcel)
        _settle(found, None)
        return found


def take_receipt(text: str) -> Dispatch:
    """A receipt that came back as a file. Raises :class:`Rejected` where it is not the recipient's for one of our packages."""
    said, _told, _signature = receipts.read(text)
    with transaction.atomic():
        found = outbox.hold(said.package)
        if found is None:
            known = Dispatch.objects.filter(id=said.package).exclude(receipt="").select_related("agency").first()
            if known is not None and known.receipt == text:
                return known
            raise Rejected("unknown-package")
        _settle(found, text)
        return found
