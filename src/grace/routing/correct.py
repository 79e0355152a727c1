"""An officer corrects who is concerned: adds, confirms or removes a recipient, with a reason. Kept as truth for measuring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.referrals.read import referral_of
from grace.routing.concerned import Concerned, concerned
from grace.routing.countries import states
from grace.routing.models import Correction, Proposal, Route
from grace.routing.propose import Verdict, recipients
from grace.routing.route import verdicts
from grace.routing.weights import weights
from grace.routing.words import EUROPOL, Criterion
from grace.routing.words import Proposal as Proposed

LONGEST_REASON = 2_000
Act = Correction.Act


@dataclass(frozen=True, slots=True)
class Word:
    """What the officer says: of which recipient (a code of a state, or ``europol``), what, and why.

    ``criterion`` may say by which criterion a state that is added is concerned.
    """

    act: str
    recipient: str
    reason: str
    criterion: str = ""


def correct(viewer: Viewer, referral_id: UUID, word: Word, now: datetime) -> tuple[Correction, list[str]]:
    """Write an officer's word down, in the caller's transaction; returns it and who is concerned now.

    Raises ``Refused`` for a program, ``Invalid`` for an unknown word or a missing reason, ``Conflict`` where the word
    changes nothing: adding what is there, removing or confirming what is not, taking Europol away while no member state is.
    """
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer decides."), remedy=_("A program may hand documents in and read, but not decide (law, L11)."))
    recipient = _checked(word)
    referral_of(viewer, referral_id)
    route = Route.objects.select_for_update().filter(referral_id=referral_id).first()
    if route is None:
        raise Missing(_("This referral was not routed yet."))
    found = concerned(viewer, referral_id)
    _fits(word.act, recipient, found)
    correction = Correction.objects.create(
        referral_id=referral_id,
        officer_id=viewer.officer_id,
        act=word.act,
        recipient=recipient,
        criterion=word.criterion,
        reason=word.reason.strip(),
        ordinal=route.ordinal,
        proposed=max((each.confidence for each in found.proposals if _counts(each, recipient)), default=None),
        weights=route.weights,
        corrected_at=now,
    )
    route.recipients = _again(referral_id, found)
    route.save(update_fields=["recipients"])
    return correction, route.recipients


def _checked(word: Word) -> str:
    """The recipient in its one spelling."""
    if word.act not in set(Act):
        raise Invalid(_("There is no such act."), remedy=_("Add, confirm or remove a state."))
    if not word.reason.strip() or len(word.reason) > LONGEST_REASON or "\0" in word.reason:
        raise Invalid(_("A correction needs a reason of up to %(most)d characters.") % {"most": LONGEST_REASON})
    if word.criterion and word.criterion not in set(Criterion):
        raise Invalid(_("There is no such criterion."), remedy=_("Write offence, suspect or victim."))
    plain = word.recipient.strip()
    if plain.lower() == EUROPOL:
        return EUROPOL
    if plain.upper() not in states():
        raise Invalid(_("There is no such state."), remedy=_("Write its two letters, such as AT (ISO 3166-1), or europol."))
    return plain.upper()


def _fits(act: str, recipient: str, found: Concerned) -> None:
    is_there = recipient in found.recipients
    if act == Act.ADD and is_there:
        raise Conflict(_("This recipient is there already."), remedy=_("Confirm it instead."))
    if act != Act.ADD and not is_there:
        raise Conflict(_("This recipient is not among those concerned."), remedy=_("Read the referral again."))
    last = found.last_word(recipient)
    if act == Act.CONFIRM and last is not None and last.concerned:
        raise Conflict(_("An officer has confirmed this recipient already."))
    if act == Act.REMOVE and recipient == EUROPOL and not (last and last.concerned):
        raise Conflict(_("No member state is concerned, so it stays with Europol."), remedy=_("Add the state that is concerned."))


def _counts(proposal: Proposal, recipient: str) -> bool:
    return proposal.state == recipient and proposal.criterion != Criterion.ESTABLISHMENT


def _again(referral_id: UUID, found: Concerned) -> list[str]:
    """Who is concerned by the proposals of the newest version and the officers' last words."""
    proposed = [Proposed(each.state, Criterion(each.criterion), each.confidence, ()) for each in found.proposals]
    spoken: list[Verdict] = verdicts([referral_id]).get(referral_id, [])
    return recipients(proposed, spoken, weights(found.weights))
