"""Who else works on what a referral names: other units answer yes or no at once, other agencies are asked blinded, by a job.

Asking and answering are written down on both sides. Which referral of theirs it is, is told by people, over the contact that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.agencies import directory
from grace.agencies.directory import Entry
from grace.agencies.models import Agency
from grace.casework import in_work
from grace.casework.decide import may_uncover, row_of
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.exchange import asking, questions, tag_sets
from grace.exchange.errors import Declined, Rejected, Unreached
from grace.exchange.models import Question
from grace.exchange.questions import AskedOf
from grace.exchange.tag_sets import Answered
from grace.kernel import clock
from grace.kernel.errors import Invalid
from grace.links.subjects import Subject, subjects_of
from grace.pipeline import jobs
from grace.pipeline.consult import consult, refusals_told

HANDED_OVER_FOR = timedelta(days=365)
"""How long after handing a referral over a unit still is the one to call."""
ACTOR = "system:deconflict"


@dataclass(frozen=True, slots=True)
class Asking:
    """What of a referral can be asked about, of whom, and what was answered so far. ``subjects`` have no text while it is covered."""

    row: QueueRow
    uncovered: bool
    subjects: Sequence[Subject]
    units: Sequence[Unit]
    agencies: Sequence[Entry]
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants to know. ``units`` asks all other units of this installation, ``agencies`` some of those agreed with."""

    values: Sequence[UUID]
    units: bool = True
    agencies: Sequence[UUID] = ()
    because: str = ""


def page(viewer: Viewer, referral_id: UUID) -> Asking:
    """The page of a referral of the viewer's unit."""

    def read() -> Asking:
        row = row_of(viewer, referral_id)
        uncovered = may_uncover(viewer, row)
        found = subjects_of(viewer.unit_id, referral_id)
        shown = found if uncovered else [Subject(each.value, each.kind, "") for each in found]
        others = list(Unit.objects.exclude(id=viewer.unit_id).order_by("name"))
        return Asking(row, uncovered, shown, others, directory.asked(), questions.of_referral(viewer, referral_id))

    return consult(viewer, "deconflict.read", read, lambda found: [f"referral:{found.row.referral_id}"])


def asked_of(viewer: Viewer, behind: datetime | None = None) -> list[AskedOf]:
    """Whom the viewer's unit was named to."""
    return consult(viewer, "deconflict.asked_of", lambda: questions.asked_of(viewer, behind), _subjects)


def ask(viewer: Viewer, referral_id: UUID, wish: Wish) -> Question:
    """Ask; other units have answered when this returns, agencies are asked by jobs. Raises what the verb raises."""
    with refusals_told(viewer, "deconflict.ask", f"referral:{referral_id}", kind=Kind.COMBINATION), transaction.atomic():
        now = clock.now()
        row_of(viewer, referral_id)
        known = {each.value: each for each in subjects_of(viewer.unit_id, referral_id)}
        chosen = [known[each] for each in dict.fromkeys(wish.values) if each in known]
        agreed = {each.agency.id for each in directory.asked()}
        agencies = [each for each in dict.fromkeys(wish.agencies) if each in agreed]
        if len(chosen) < len(set(wish.values)) or len(agencies) < len(set(wish.agencies)) or not (wish.units or agencies):
            raise Invalid(_("This cannot be asked."), remedy=_("Choose values of this referral, and whom to ask."))
        made = questions.ask(viewer, referral_id, [each.value for each in chosen], wish.because, now)
        about = (f"referral:{referral_id}", f"question:{made.id}")
        ledger.record(Line(Kind.COMBINATION, "deconflict.ask", viewer.actor, viewer.purpose, about, {"values": str(len(chosen))}))
        if wish.units:
            _ask_units(viewer, made, chosen, now)
        for each in agencies:
            questions.await_agency(made, each, {one.value: one.asked for one in chosen}, now)
            jobs.ask_agency(made.id, each)
        return made


def _ask_units(viewer: Viewer, made: Question, chosen: Sequence[Subject], now: datetime) -> None:
    worked = in_work.elsewhere(viewer, [each.value for each in chosen], now - HANDED_OVER_FOR)
    replies = questions.answer_by_units(made, worked, now)
    for unit in sorted({unit for unit, _value in worked}):
        told = questions.counted(each for each in replies if each.unit_id == unit)
        detail = {name: str(number) for name, number in sorted(told.items())}
        about = (f"unit:{unit}", f"question:{made.id}")
        line = Line(Kind.DISCLOSURE, "deconflict.answer", ACTOR, viewer.purpose, about, detail, recipient=f"unit:{viewer.unit_id}")
        ledger.record(line)


def ask_agency(question_id: UUID, agency_id: UUID) -> None:
    """Ask an agency what still waits of a question, and write its answer down. One that does not answer was not checked."""
    waits = questions.waiting(question_id, agency_id)
    entry = next((each for each in directory.asked() if each.agency.id == agency_id), None)
    subjects = _subjects_waiting(question_id, waits)
    if not waits:
        return
    if entry is None or not entry.agency.address:
        _give_up(question_id, agency_id, "not-agreed" if entry is None else "no-address")
        return
    _tell_asked(question_id, agency_id, len(subjects))
    try:
        heard = asking.ask(agency_id, entry.agency.address, list(subjects.values()))
    except (Unreached, Declined) as fault:
        _give_up(question_id, agency_id, fault.code)
        return
    with transaction.atomic():
        found = questions.hear(question_id, agency_id, subjects, heard, clock.now())
        about = (f"question:{question_id}", f"agency:{agency_id}")
        ledger.record(Line(Kind.COMBINATION, "deconflict.heard", ACTOR, "triage", about, {"yes": str(found)}))


def _subjects_waiting(question_id: UUID, waits: Sequence[UUID]) -> dict[UUID, bytes]:
    asked = questions.question(question_id)
    known = {each.value: each.asked for each in subjects_of(asked.unit_id, asked.referral_id)} if waits else {}
    return {value: told for value in waits if (told := known.get(value)) is not None}


def _tell_asked(question_id: UUID, agency_id: UUID, number: int) -> None:
    """Before anything leaves: a blinded question tells its recipient nothing but that it was asked."""
    about = (f"question:{question_id}", f"agency:{agency_id}")
    with transaction.atomic():
        detail = {"values": str(number)}
        ledger.record(Line(Kind.DISCLOSURE, "deconflict.ask_agency", ACTOR, "triage", about, detail, recipient=f"agency:{agency_id}"))


def _give_up(question_id: UUID, agency_id: UUID, why: str) -> None:
    with transaction.atomic():
        if number := questions.give_up(question_id, agency_id, why, clock.now()):
            about = (f"question:{question_id}", f"agency:{agency_id}")
            ledger.record(Line(Kind.ALTERATION, "deconflict.not_checked", ACTOR, "triage", about, {"values": str(number), "why": why}))


def answer(agency: Agency, elements: Sequence[bytes]) -> Answered:
    """Answer an agency's blinded questions: what they are about cannot be known here, that they were asked is written down."""
    with transaction.atomic():
        found = tag_sets.answer(agency, elements, clock.now())
        _tell_given(agency, "deconflict.evaluate", {"values": str(len(elements))})
        return found


def tags_for(agency: Agency, digest: str) -> bytes:
    """The tags in which an agency looks for our answers. Raises :class:`Rejected`."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError as fault:
        raise Rejected("malformed") from fault
    with transaction.atomic():
        body = tag_sets.body_for(agency, wanted, clock.now())
        _tell_given(agency, "deconflict.tags", {"sha256": digest})
        return body


def _tell_given(agency: Agency, act: str, detail: dict[str, str]) -> None:
    who = f"agency:{agency.id}"
    ledger.record(Line(Kind.DISCLOSURE, act, who, "exchange", (who,), detail, recipient=who))


def prepare_tags() -> int:
    """Make the tags for every agency that may ask anew; how many agencies."""
    now, agreed = clock.now(), directory.asked()
    worked = list(in_work.all_of_it(now - HANDED_OVER_FOR)) if agreed else []
    for each in agreed:
        with transaction.atomic():
            if made := tag_sets.prepare(each.agency, worked, now):
                detail = {"sha256": bytes(made.sha256).hex()}
                ledger.record(Line(Kind.ALTERATION, "deconflict.prepare", ACTOR, "exchange", (f"agency:{each.agency.id}",), detail))
    return len(agreed)


def _subjects(found: Sequence[AskedOf]) -> Iterator[str]:
    return (f"question:{each.question.id}" for each in found)
