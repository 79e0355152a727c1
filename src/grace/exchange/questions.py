"""Questions: an officer asks who else works on what a referral names; units of this installation answer at once, agencies later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.exchange.asking import Heard
from grace.exchange.models import Question, Reply
from grace.kernel.errors import Invalid, Missing, Refused

Says = Reply.Says
MOST_REASON = 1_000
MOST_VALUES = 50
"""Values of one question."""
MOST_A_DAY = 500
"""Values that one officer may ask about in 24 hours: nobody browses another unit by asking."""
TOO_COMMON, NOT_TELLING = "too-common", "not-telling"
"""Why a value was not checked, beside the codes of :data:`grace.exchange.errors.REASONS` and of what keeps an agency from answering."""
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class AskedOf:
    """Another unit asked, and was told that the viewer's unit works on some of it; ``values`` says how many."""

    question: Question
    values: int
    at: datetime


def ask(viewer: Viewer, referral_id: UUID, values: Sequence[UUID], because: str, now: datetime) -> Question:
    """Write the question down. Raises :class:`Invalid` without a reason or with nothing to ask, :class:`Refused` for too many in a day."""
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        raise Refused(_("Only an officer asks other units and agencies."))
    if not because.strip() or len(because) > MOST_REASON or "\0" in because:
        raise Invalid(_("This act needs a reason."), remedy=_("Say in a few words why."))
    if not 0 < len(values) <= MOST_VALUES:
        raise Invalid(_("Ask about one to %(most)d values at a time.") % {"most": MOST_VALUES}, remedy=_("Choose fewer."))
    today = Question.objects.filter(officer=viewer.officer_id, asked_at__gt=now - timedelta(days=1)).aggregate(n=Sum("number"))["n"] or 0
    if today + len(values) > MOST_A_DAY:
        raise Refused(_("You have asked about as much as may be asked in a day."), remedy=_("Go on tomorrow, or ask your unit head."))
    about = {"unit_id": viewer.unit_id, "referral_id": referral_id, "officer_id": viewer.officer_id}
    return Question.objects.create(**about, because=because.strip(), number=len(values), asked_at=now)


def answer_by_units(question: Question, worked: Mapping[tuple[UUID, UUID], bool | None], now: datetime) -> list[Reply]:
    """What other units answer, by unit and value; None is not checked, since too many of their referrals name it."""
    told = {True: (Says.YES, ""), False: (Says.NO, ""), None: (Says.NOT_CHECKED, TOO_COMMON)}
    rows = [
        Reply(question=question, unit_id=unit, value=value, says=told[works][0], why=told[works][1], at=now)
        for (unit, value), works in worked.items()
    ]
    return Reply.objects.bulk_create(rows)


def await_agency(question: Question, agency_id: UUID, values: Mapping[UUID, bytes | None], now: datetime) -> None:
    """An agency is going to be asked; what would mean something else there is not."""
    rows = [
        Reply(
            question=question,
            agency_id=agency_id,
            value=value,
            says=Says.NOT_CHECKED if asked is None else Says.WAITING,
            why=NOT_TELLING if asked is None else "",
            at=now,
        )
        for value, asked in values.items()
    ]
    Reply.objects.bulk_create(rows)


def waiting(question_id: UUID, agency_id: UUID) -> list[UUID]:
    """The values of which an agency has not been asked yet."""
    rows = Reply.objects.filter(question_id=question_id, agency_id=agency_id, says=Says.WAITING)
    return list(rows.values_list("value", flat=True))


def hear(question_id: UUID, agency_id: UUID, values: Mapping[UUID, bytes], heard: Heard, now: datetime) -> int:
    """Write down what an agency answered to what still waits; how many values it works on."""
    rows = list(Reply.objects.select_for_update().filter(question_id=question_id, agency_id=agency_id, says=Says.WAITING))
    for each in rows:
        each.says = Says.YES if values[each.value] in heard.yes else Says.NO
        each.as_of, each.at = heard.as_of, now
    Reply.objects.bulk_update(rows, ["says", "as_of", "at"])
    return sum(each.says == Says.YES for each in rows)


def give_up(question_id: UUID, agency_id: UUID, why: str, now: datetime) -> int:
    """An agency could not be asked: what waits was not checked. How many values."""
    rows = Reply.objects.filter(question_id=question_id, agency_id=agency_id, says=Says.WAITING)
    return rows.update(says=Says.NOT_CHECKED, why=why, at=now)


def of_referral(viewer: Viewer, referral_id: UUID) -> list[Question]:
    """The questions about a referral of the viewer's unit with what was answered, the newest first."""
    viewer.require(Capability.READ)
    found = Question.objects.filter(referral_id=referral_id, unit_id=viewer.unit_id).select_related("officer")
    return list(found.prefetch_related("replies__unit", "replies__agency").order_by("-asked_at")[:MOST_SHOWN])


def asked_of(viewer: Viewer, behind: datetime | None = None) -> list[AskedOf]:
    """Who of this installation was told that the viewer's unit works on the same, the newest first; those behind a moment."""
    viewer.require(Capability.READ)
    rows = Reply.objects.filter(unit_id=viewer.unit_id, says=Says.YES).select_related("question__unit", "question__officer")
    if behind is not None:
        rows = rows.filter(at__lt=behind)
    found: dict[UUID, AskedOf] = {}
    for each in rows.order_by("-at")[: MOST_SHOWN * MOST_VALUES]:
        known = found.get(each.question_id)
        if known is None and len(found) == MOST_SHOWN + 1:
            break
        found[each.question_id] = AskedOf(each.question, (known.values if known else 0) + 1, each.at)
    return list(found.values())


def question(question_id: UUID) -> Question:
    """One question, for the job that asks. Raises :class:`Missing`."""
    found = Question.objects.filter(id=question_id).first()
    if found is None:
        raise Missing(_("There is no such question."))
    return found


def counted(rows: Iterable[Reply]) -> dict[str, int]:
    """How many values were answered how."""
    found: dict[str, int] = {}
    for each in rows:
        found[each.says] = found.get(each.says, 0) + 1
    return found
