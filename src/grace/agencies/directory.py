"""The directory: proposing, confirming and ending keys, and asking for an agency whose keys are in force."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.agencies.card import Card
from grace.agencies.identity import own
from grace.agencies.keys import plain
from grace.agencies.models import Agency, Enrolment
from grace.agencies.states import TRANSFER_BASES, is_within
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused

MOST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An agency as the directory shows it: the keys in force, and those that wait for a second person."""

    agency: Agency
    in_force: Enrolment | None
    proposed: Enrolment | None

    @property
    def is_within(self) -> bool:
        """Whether data may go there without a transfer basis."""
        return is_within(self.agency.state)

    @property
    def may_receive(self) -> bool:
        """Whether data may go there at all."""
        return self.in_force is not None and (self.is_within or bool(self.agency.transfer_basis))

    @property
    def is_asked(self) -> bool:
        """Whether blinded questions go there and are answered."""
        return self.may_receive and bool(self.agency.questions_because)


def entries(viewer: Viewer) -> list[Entry]:
    """Every agency that was ever proposed, by state and name; for whoever administers."""
    viewer.require(Capability.ADMINISTER)
    return _entries()


def recipients(viewer: Viewer) -> list[Entry]:
    """The agencies with keys in force, contact points first within their state; for whoever decides."""
    viewer.require(Capability.DECIDE)
    return sorted((each for each in _entries() if each.in_force), key=lambda each: (each.agency.state, not each.agency.is_contact_point))


def _entries() -> list[Entry]:
    standing: dict[UUID, dict[bool, Enrolment]] = {}
    for each in Enrolment.objects.filter(ended_at=None):
        standing.setdefault(each.agency_id, {})[each.confirmed_at is not None] = each
    found = Agency.objects.order_by("state", "name")
    return [Entry(agency, standing.get(agency.id, {}).get(True), standing.get(agency.id, {}).get(False)) for agency in found]


def in_force(agency_id: UUID) -> Enrolment | None:
    """The keys of an agency that count now; None where there are none."""
    found = Enrolment.objects.select_related("agency").filter(agency_id=agency_id, confirmed_at__isnull=False, ended_at=None)
    return found.first()


def was_known(agency_id: UUID) -> bool:
    """Whether keys of this agency were once in force."""
    return Enrolment.objects.filter(agency_id=agency_id, confirmed_at__isnull=False).exists()


def propose(viewer: Viewer, card: Card) -> Enrolment:
    """Write down the card that an agency gave us; its keys count only once another person has confirmed them.

    Raises :class:`Invalid` for our own card and :class:`Conflict` where keys of this agency wait already or are in force.
    """
    viewer.require(Capability.ADMINISTER)
    if card.agency == own().agency:
        raise Invalid(_("This is the card of this installation itself."), remedy=_("Ask the other agency for its card."))
    now = clock.now()
    if Agency.objects.filter(name=card.name).exclude(id=card.agency).exists():
        raise Conflict(_("Another agency has this name in the directory."), remedy=_("Ask for a card with a name of its own."))
    agency, _made = Agency.objects.get_or_create(
        id=card.agency, defaults={"name": card.name, "state": card.state, "address": card.address, "added_at": now}
    )
    standing = in_force(agency.id)
    if standing and (standing.keys, standing.name, standing.state, standing.address) == (card.keys, card.name, card.state, card.address):
        raise Conflict(_("This card is in force already."))
    if Enrolment.objects.filter(agency=agency, confirmed_at=None, ended_at=None).exists():
        raise Conflict(_("A card of this agency waits for a second person already."), remedy=_("Confirm or reject it first."))
    return Enrolment.objects.create(
        agency=agency,
        name=card.name,
        state=card.state,
        address=card.address,
        signing=card.keys.signing,
        sealing=card.keys.sealing,
        proposed_by=viewer.actor,
        proposed_at=now,
    )


def confirm(viewer: Viewer, enrolment_id: UUID, fingerprint: str) -> Enrolment:
    """Put proposed keys into force: another officer types the fingerprint that the agency told over a second channel.

    Raises :class:`Refused` for the person who proposed and for programs, :class:`Invalid` where the fingerprint differs.
    """
    viewer.require(Capability.ADMINISTER)
    found = _waiting(enrolment_id)
    if viewer.via != "officer" or found.proposed_by == viewer.actor:
        raise Refused(_("Two persons enrol an agency: another officer has to confirm."), remedy=_("Ask a second administrator."))
    if not hmac.compare_digest(plain(fingerprint).encode(), found.fingerprint.encode()):
        raise Invalid(
            _("The fingerprint differs."),
            remedy=_("Do not confirm. Call the agency by a number that you know already, and compare again."),
        )
    now = clock.now()
    Enrolment.objects.filter(agency=found.agency_id, confirmed_at__isnull=False, ended_at=None).update(
        ended_by=viewer.actor, ended_at=now, ended_because="replaced"
    )
    found.confirmed_by, found.confirmed_at = viewer.actor, now
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    Agency.objects.filter(id=found.agency_id).update(name=found.name, state=found.state, address=found.address)
    return found


def reject(viewer: Viewer, enrolment_id: UUID, reason: str) -> Enrolment:
    """Put a proposed card aside."""
    viewer.require(Capability.ADMINISTER)
    return _end(viewer, _waiting(enrolment_id), reason)


def revoke(viewer: Viewer, agency_id: UUID, reason: str) -> Enrolment:
    """End the keys of an agency at once: nothing is sent to it and nothing taken from it any more. Raises :class:`Missing`."""
    viewer.require(Capability.ADMINISTER)
    found = Enrolment.objects.select_for_update().filter(agency_id=agency_id, confirmed_at__isnull=False, ended_at=None).first()
    if found is None:
        raise Missing(_("No keys of this agency are in force."))
    return _end(viewer, found, reason)


def make_contact_point(viewer: Viewer, agency_id: UUID) -> Agency:
    """Make this agency the one contact point of its state; whoever was it before is it no more."""
    viewer.require(Capability.ADMINISTER)
    agency = _held(agency_id)
    Agency.objects.filter(state=agency.state, is_contact_point=True).update(is_contact_point=False)
    agency.is_contact_point = True
    agency.save(update_fields=["is_contact_point"])
    return agency


def record_transfer_basis(viewer: Viewer, agency_id: UUID, basis: str, because: str) -> Agency:
    """Record on which basis data may leave for an agency outside the European Economic Area (law, L17); an empty basis takes it back."""
    viewer.require(Capability.ADMINISTER)
    if basis and basis not in TRANSFER_BASES:
        raise Invalid(_("There is no such basis."), remedy=_("Choose one from the list."))
    agency = _held(agency_id)
    agency.transfer_basis, agency.transfer_because = basis, _reason(because)
    agency.save(update_fields=["transfer_basis", "transfer_because"])
    return agency


def agree_questions(viewer: Viewer, agency_id: UUID, *, agreed: bool, because: str) -> Agency:
    """Record that blinded questions are asked of an agency and answered, and why; or that they are not any more."""
    viewer.require(Capability.ADMINISTER)
    agency, reason = _held(agency_id), _reason(because)
    agency.questions_because = reason if agreed else ""
    agency.save(update_fields=["questions_because"])
    return agency


def asked() -> list[Entry]:
    """The agencies of which blinded questions may be asked, and which may ask."""
    return [each for each in _entries() if each.is_asked]


def contact_point(state: str) -> Agency | None:
    """The agency that a state named as its contact point, where its keys are in force."""
    found = Agency.objects.filter(state=state, is_contact_point=True).first()
    return found if found and in_force(found.id) else None


def _waiting(enrolment_id: UUID) -> Enrolment:
    held = Enrolment.objects.select_for_update(of=("self",)).select_related("agency")
    found = held.filter(id=enrolment_id, confirmed_at=None, ended_at=None).first()
    if found is None:
        raise Missing(_("No such card waits."))
    return found


def _held(agency_id: UUID) -> Agency:
    found = Agency.objects.select_for_update().filter(id=agency_id).first()
    if found is None:
        raise Missing(_("There is no such agency."))
    return found


def _end(viewer: Viewer, found: Enrolment, reason: str) -> Enrolment:
    found.ended_by, found.ended_at, found.ended_because = viewer.actor, clock.now(), _reason(reason)
    found.save(update_fields=["ended_by", "ended_at", "ended_because"])
    return found


def _reason(text: str) -> str:
    if not text.strip() or len(text) > MOST_REASON or "\0" in text:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    return text.strip()
