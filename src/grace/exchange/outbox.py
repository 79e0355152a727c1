"""The outbox: what an officer hands over, what follows it, and what became of it. Every row is one package with one recipient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.agencies import directory
from grace.agencies.identity import own_card
from grace.agencies.models import Agency, Enrolment
from grace.agencies.states import is_within
from grace.evidence import vault
from grace.exchange import conditions as handling
from grace.exchange import part as parts
from grace.exchange.models import Arrival, Dispatch, Kind
from grace.exchange.part import Part
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.referrals.models import Attachment, Person, Version
from grace.referrals.read import referral_of

State = Dispatch.State

LASTS = timedelta(days=30)
"""For how long a package may be taken in."""
LONGEST_PAUSE = timedelta(hours=1)
MOST_REASON = 2_000
STANDING = (State.WAITING, State.SENT, State.DELIVERED, State.ACCEPTED, State.PARTLY)
"""States of a hand-over whose recipient has, or will have, what it says: corrections follow it."""
GONE = (State.SENT, State.DELIVERED, State.ACCEPTED, State.PARTLY)


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer wants handed over, to whom, for what and under which conditions.

    ``consent`` is the originator's consent where the referral itself came under the condition to ask; ``closes`` closes the referral
    here as handed over.
    """

    agency: UUID
    purpose: str
    reason: str
    part: Part = field(default_factory=Part)
    conditions: tuple[str, ...] = ()
    handling: str = ""
    consent: str = ""
    closes: bool = True


def offer(viewer: Viewer, referral_id: UUID, order: Order, now: datetime, *, urgent: bool = False) -> Dispatch:
    """Put a hand-over into the outbox, in the caller's transaction.

    Raises :class:`Refused` where the recipient's keys are not in force, its state is outside the European Economic Area without a
    recorded basis (law, L17), or conditions forbid it (law, L9); :class:`Invalid` where reason, purpose or part do not do.
    """
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer hands over."), remedy=_("A program may read and hand in, but not decide (law, L11)."))
    referral = referral_of(viewer, referral_id)
    check_words(order)
    own_card()
    agency = may_receive(order.agency)
    inherited = inherited_by([referral_id])
    handling.check_onward(inherited, within=is_within(agency.state), consent=order.consent)
    version = Version.objects.get(referral=referral, ordinal=referral.versions)
    part = parts.check(order.part, Person.objects.filter(version=version).count(), Attachment.objects.filter(version=version).count())
    return Dispatch.objects.create(
        kind=Kind.HANDOVER,
        agency=agency,
        unit_id=viewer.unit_id,
        referral=referral,
        ordinal=version.ordinal,
        part=part.to_store(),
        purpose=order.purpose,
        conditions=handling.read([*inherited, *order.conditions], order.handling),
        handling=order.handling.strip(),
        reason=_with_consent(order),
        urgent=urgent,
        made_by=viewer.actor,
        **_times(agency, now),
    )


def may_receive(agency_id: UUID) -> Agency:
    """The agency, if data may go there now. Raises :class:`Refused`."""
    keys = directory.in_force(agency_id)
    if keys is None:
        raise Refused(
            _("The keys of this agency are not in force."), remedy=_("Two administrators enrol an agency before anything is sent.")
        )
    if not is_within(keys.agency.state) and not keys.agency.transfer_basis:
        raise Refused(
            _("This agency lies outside the European Economic Area, and no basis for a transfer is recorded."),
            remedy=_("An administrator records the basis in the directory (LED Articles 35 to 38)."),
        )
    return keys.agency


def inherited_by(referrals: Sequence[UUID]) -> tuple[str, ...]:
    """The conditions under which referrals came from other agencies (law, L9)."""
    taken = (Arrival.State.ACCEPTED, Arrival.State.PARTLY)
    found = Arrival.objects.filter(referral_id__in=referrals, state__in=taken).values_list("conditions", flat=True)
    codes = {code for each in found for code in each}
    return tuple(code for code in handling.CONDITIONS if code in codes)


def check_words(order: Order) -> None:
    """Raise :class:`Invalid` where purpose or reason do not do."""
    if order.purpose not in handling.PURPOSES:
        raise Invalid(_("Handing over needs a purpose."), remedy=_("Choose one from the list."))
    for text in (order.reason, order.consent):
        if len(text) > MOST_REASON or "\0" in text:
            raise Invalid(_("The reason may have up to %(most)d characters.") % {"most": MOST_REASON})
    if not order.reason.strip():
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))


def _with_consent(order: Order) -> str:
    consent = order.consent.strip()
    label = _("Consent of the originator")
    return (order.reason.strip() + (f"\n{label}: {consent}" if consent else ""))[:MOST_REASON]


def _times(agency: Agency, now: datetime) -> dict[str, datetime | None]:
    """Due at once, or, across an air gap, never by itself."""
    whole = now.replace(microsecond=0)  # labels tell seconds
    return {"made_at": whole, "expires_at": whole + LASTS, "due_at": now if agency.address else None}


def withdraw(decision: UUID) -> Dispatch | None:
    """Take back a hand-over that has not left, with the decision behind it; None where there is none or it is on its way already."""
    found = Dispatch.objects.select_for_update().filter(decision=decision, state=State.WAITING, attempts=0).first()
    if found is not None:
        _end(found, State.WITHDRAWN)
    return found


def correct(newer: Mapping[UUID, int], now: datetime) -> list[Dispatch]:
    """New versions follow whoever got an older one (law, L8): a package for each recipient, in the caller's transaction.

    Where only a part was handed over, an officer looks before it leaves: what is whose may have changed with the version.
    """
    handed = Dispatch.objects.select_related("agency").filter(kind=Kind.HANDOVER, referral_id__in=newer, state__in=STANDING)
    rows = [_update(each, newer[each.referral_id], now) for each in handed if each.referral_id and newer[each.referral_id] > each.ordinal]
    return Dispatch.objects.bulk_create(rows, ignore_conflicts=True)


def _update(handed: Dispatch, ordinal: int, now: datetime) -> Dispatch:
    times = _times(handed.agency, now)
    if not parts.of(handed.part).is_all:
        times["due_at"] = None
    return Dispatch(
        kind=Kind.UPDATE,
        agency=handed.agency,
        unit_id=handed.unit_id,
        referral_id=handed.referral_id,
        ordinal=ordinal,
        part=handed.part,
        purpose=handed.purpose,
        conditions=handed.conditions,
        handling=handed.handling,
        replaces=handed,
        urgent=handed.urgent,
        made_by="system:exchange",
        **times,
    )


def ask_erasure(viewer: Viewer, dispatch_id: UUID, reason: str, now: datetime) -> Dispatch:
    """Ask the recipient of a hand-over to erase it. Raises :class:`Missing`, or :class:`Conflict` where it never left."""
    viewer.require(Capability.DECIDE)
    handed = Dispatch.objects.select_related("agency").filter(id=dispatch_id, unit_id=viewer.unit_id, kind=Kind.HANDOVER).first()
    if handed is None:
        raise Missing(_("There is no such hand-over."))
    if handed.state not in GONE:
        raise Conflict(_("This hand-over has not left."), remedy=_("Take the decision back instead."))
    if not reason.strip() or len(reason) > MOST_REASON or "\0" in reason:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    return Dispatch.objects.create(
        kind=Kind.ERASURE,
        agency=handed.agency,
        unit_id=viewer.unit_id,
        referral_id=handed.referral_id,
        replaces=handed,
        reason=reason.strip(),
        made_by=viewer.actor,
        **_times(handed.agency, now),
    )


def answer(arrival: Arrival, word: str, reason: str, actor: str, now: datetime) -> Dispatch:
    """Tell the sender what became of its package."""
    return Dispatch.objects.create(
        kind=Kind.ANSWER,
        agency=arrival.agency,
        unit_id=arrival.unit_id,
        answers=arrival.package,
        answer=word,
        reason=reason.strip(),
        made_by=actor,
        **_times(arrival.agency, now),
    )


def send_part(viewer: Viewer, dispatch_id: UUID, now: datetime) -> Dispatch:
    """Let a proposed correction of a part leave, once an officer has looked. Raises :class:`Missing`."""
    viewer.require(Capability.DECIDE)
    found = Dispatch.objects.select_for_update(of=("self",)).select_related("agency")
    row = found.filter(id=dispatch_id, unit_id=viewer.unit_id, kind=Kind.UPDATE, state=State.WAITING).first()
    if row is None:
        raise Missing(_("There is no such correction."))
    row.made_by, row.due_at = viewer.actor, now if row.agency.address else None
    row.save(update_fields=["made_by", "due_at"])
    return row


def due(now: datetime, most: int = 100) -> list[UUID]:
    """Packages that have to be sent now, those waiting longest first."""
    return list(Dispatch.objects.filter(due_at__lte=now).order_by("due_at").values_list("id", flat=True)[:most])


def next_due() -> datetime | None:
    """When the next package has to be sent."""
    return Dispatch.objects.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()


def hold(dispatch_id: UUID) -> Dispatch | None:
    """An undelivered package, locked; None where another process has it or it has gone."""
    found = Dispatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("agency")
    return found.filter(id=dispatch_id, state__in=[State.WAITING, State.SENT]).first()


def keys_for(dispatch: Dispatch) -> Enrolment:
    """The keys to seal for. Raises :class:`Refused` where data may not go there any more; an answer goes to whoever has keys."""
    if dispatch.kind != Kind.ANSWER:
        may_receive(dispatch.agency_id)
    keys = directory.in_force(dispatch.agency_id)
    if keys is None:
        raise Refused(_("The keys of this agency are not in force."))
    return keys


def put_off(dispatch: Dispatch, failure: str, now: datetime) -> None:
    """Note a failed attempt: it is tried again after 1, 2, 4 … seconds, an hour at most, until it expires."""
    dispatch.attempts += 1
    dispatch.failure = failure
    pause = min(timedelta(seconds=2 ** min(dispatch.attempts, 12)), LONGEST_PAUSE)
    dispatch.due_at = now + pause if dispatch.agency.address else None
    dispatch.save(update_fields=["attempts", "failure", "due_at"])
    if dispatch.expires_at < now:
        give_up(dispatch, "expired")


def give_up(dispatch: Dispatch, failure: str) -> None:
    """Stop trying, and say why."""
    dispatch.failure = failure
    _end(dispatch, State.FAILED)


def sent(dispatch: Dispatch, now: datetime) -> None:
    """Note that the package left, by file: the receipt is still to come."""
    dispatch.state, dispatch.sent_at, dispatch.due_at = State.SENT, dispatch.sent_at or now, None
    dispatch.save(update_fields=["state", "sent_at", "due_at"])


def delivered(dispatch: Dispatch, receipt: str, now: datetime) -> None:
    """Note the recipient's receipt; the sealed body is not needed any more."""
    dispatch.sent_at, dispatch.delivered_at, dispatch.receipt, dispatch.failure = dispatch.sent_at or now, now, receipt, ""
    dispatch.save(update_fields=["sent_at", "delivered_at", "receipt", "failure"])
    _end(dispatch, State.DELIVERED)


def answered(agency_id: UUID, package: UUID, word: str, reason: str, now: datetime) -> Dispatch | None:
    """Note what the recipient's officer decided; None where we never sent it this package."""
    found = Dispatch.objects.select_for_update().filter(id=package, agency_id=agency_id).exclude(kind=Kind.ANSWER).first()
    if found is None:
        return None
    found.answered_at, found.answer_reason = now, reason
    found.delivered_at = found.delivered_at or now
    found.save(update_fields=["answered_at", "answer_reason", "delivered_at"])
    _end(found, State(word))
    return found


def _end(dispatch: Dispatch, state: Dispatch.State) -> None:
    body, dispatch.object_id = dispatch.object_id, None
    dispatch.state, dispatch.due_at = state, None
    dispatch.save(update_fields=["state", "due_at", "object", "failure"])
    if body is not None:
        vault.delete(body)


def of_referral(viewer: Viewer, referral_id: UUID) -> list[Dispatch]:
    """What was handed over of a referral of the viewer's unit, newest first, with what followed."""
    referral_of(viewer, referral_id)
    found = Dispatch.objects.select_related("agency", "replaces").filter(referral_id=referral_id)
    return list(found.order_by("-made_at", "-id"))


def of_unit(viewer: Viewer, *, most: int = 200) -> list[Dispatch]:
    """The unit's hand-overs and what followed them, newest first."""
    viewer.require(Capability.READ)
    found = Dispatch.objects.select_related("agency", "referral").filter(unit_id=viewer.unit_id).exclude(kind=Kind.ANSWER)
    return list(found.order_by("-made_at", "-id")[:most])


def waiting_for_file() -> list[Dispatch]:
    """Packages for agencies across an air gap that were not carried over yet: for whoever runs the machine."""
    across = Q(agency__address="") & Q(state=State.WAITING)
    return list(Dispatch.objects.select_related("agency").filter(across).order_by("made_at"))


def one(viewer: Viewer, dispatch_id: UUID) -> Dispatch:
    """One dispatch of the viewer's unit. Raises :class:`Missing`."""
    viewer.require(Capability.READ)
    found = Dispatch.objects.select_related("agency", "referral", "replaces").filter(id=dispatch_id, unit_id=viewer.unit_id).first()
    if found is None:
        raise Missing(_("There is no such hand-over."))
    return found


def subjects(dispatches: Iterable[Dispatch]) -> tuple[str, ...]:
    """References to packages and their referrals, for the ledger."""
    told: list[str] = []
    for each in dispatches:
        told += [f"package:{each.id}", *([f"referral:{each.referral_id}"] if each.referral_id else [])]
    return tuple(dict.fromkeys(told))
