"""Acts on the directory of agencies: each in one transaction with its ledger entry; refused attempts are written down too."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.agencies import directory
from grace.agencies.card import Card, read
from grace.agencies.directory import Entry
from grace.agencies.models import Agency, Enrolment
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.exchange import tag_sets
from grace.pipeline import jobs
from grace.pipeline.consult import consult, refusals_told


def entries(viewer: Viewer) -> list[Entry]:
    """The directory, for whoever administers it."""
    return consult(viewer, "agencies.list", lambda: directory.entries(viewer), lambda found: (f"agency:{each.agency.id}" for each in found))


def propose(viewer: Viewer, text: str | bytes) -> Enrolment:
    """Propose the card of another agency; another officer has to confirm it."""
    card: Card = read(text)
    return _enrolment(viewer, "agencies.propose", lambda: directory.propose(viewer, card), f"agency:{card.agency}")


def confirm(viewer: Viewer, enrolment_id: UUID, fingerprint: str) -> Enrolment:
    """Put proposed keys into force."""
    return _enrolment(viewer, "agencies.confirm", lambda: directory.confirm(viewer, enrolment_id, fingerprint), f"enrolment:{enrolment_id}")


def reject(viewer: Viewer, enrolment_id: UUID, reason: str) -> Enrolment:
    """Put a proposed card aside."""
    return _enrolment(viewer, "agencies.reject", lambda: directory.reject(viewer, enrolment_id, reason), f"enrolment:{enrolment_id}")


def revoke(viewer: Viewer, agency_id: UUID, reason: str) -> Enrolment:
    """End the keys of an agency."""
    return _enrolment(viewer, "agencies.revoke", lambda: directory.revoke(viewer, agency_id, reason), f"agency:{agency_id}")


def make_contact_point(viewer: Viewer, agency_id: UUID) -> Agency:
    """Make an agency the contact point of its state."""
    return _agency(viewer, "agencies.contact_point", lambda: directory.make_contact_point(viewer, agency_id), agency_id)


def record_transfer_basis(viewer: Viewer, agency_id: UUID, basis: str, because: str) -> Agency:
    """Record on which basis data may leave for an agency outside the European Economic Area."""

    def change() -> Agency:
        return directory.record_transfer_basis(viewer, agency_id, basis, because)

    return _agency(viewer, "agencies.transfer_basis", change, agency_id, basis=basis or "none")


def agree_questions(viewer: Viewer, agency_id: UUID, *, agreed: bool, because: str) -> Agency:
    """Agree with an agency on blinded questions, or end that; what is answered is prepared soon, or thrown away."""

    def change() -> Agency:
        found = directory.agree_questions(viewer, agency_id, agreed=agreed, because=because)
        if agreed:
            jobs.prepare_tags()
        else:
            tag_sets.drop(agency_id)
        return found

    return _agency(viewer, "agencies.questions", change, agency_id, agreed="yes" if agreed else "no")


def _enrolment(viewer: Viewer, act: str, change: Callable[[], Enrolment], about: str) -> Enrolment:
    with refusals_told(viewer, act, about), transaction.atomic():
        found = change()
        subjects = (f"agency:{found.agency_id}", f"enrolment:{found.id}", f"key:{found.fingerprint}")
        ledger.record(Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, subjects))
        return found


def _agency(viewer: Viewer, act: str, change: Callable[[], Agency], agency_id: UUID, **detail: str) -> Agency:
    about = f"agency:{agency_id}"
    with refusals_told(viewer, act, about), transaction.atomic():
        found = change()
        ledger.record(Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (about,), detail))
        return found
