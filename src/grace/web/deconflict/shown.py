"""Questions and answers in words: per unit or agency what it works on, what it does not, and what was not checked, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.exchange.errors import REASONS
from grace.exchange.models import Question, Reply
from grace.exchange.questions import NOT_TELLING, TOO_COMMON
from grace.links.subjects import Subject
from grace.web.links.shown import KINDS

WHY: Mapping[str, Promise] = {
    **REASONS,
    TOO_COMMON: gettext_lazy("too many of its referrals name it to tell"),
    NOT_TELLING: gettext_lazy("so short a number means another account at another service"),
    "no-address": gettext_lazy("it is reached by file only"),
    "unreachable": gettext_lazy("it could not be reached"),
    "timeout": gettext_lazy("it did not answer in time"),
    "not-ready": gettext_lazy("it has not prepared its answers yet"),
    "too-many-questions": gettext_lazy("more was asked today than it answers in a day"),
}
_OTHER = gettext_lazy("it did not answer as it should")


@dataclass(frozen=True, slots=True)
class Named:
    """A value as it is written on the page; ``text`` is empty while it is covered, and where it is not the referral's any more."""

    kind: Promise | str
    text: str
    why: Promise | str = ""


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """What one unit or agency answered. ``contact`` is empty where nobody wrote one down."""

    who: str
    is_agency: bool
    contact: str
    yes: Sequence[Named]
    not_checked: Sequence[Named]
    no: int
    waiting: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question, who asked it and why, and who answered what; whoever works on something comes first."""

    it: Question
    answers: Sequence[AnswerShown]

    @property
    def is_waiting(self) -> bool:
        """Whether an agency has not answered yet."""
        return any(each.waiting for each in self.answers)


def named(subject: Subject) -> Named:
    """A subject in words."""
    return Named(KINDS.get(subject.kind, subject.kind), subject.text)


def questions(found: Sequence[Question], subjects: Sequence[Subject]) -> list[QuestionShown]:
    """Questions in words."""
    known = {each.value: each for each in subjects}
    return [QuestionShown(each, sorted(_answers(each, known), key=lambda one: (not one.yes, not one.not_checked))) for each in found]


def _answers(question: Question, known: Mapping[UUID, Subject]) -> Iterator[AnswerShown]:
    of: dict[tuple[bool, str], list[Reply]] = {}
    for each in question.replies.all():
        of.setdefault((each.agency is not None, str(each.agency or each.unit)), []).append(each)
    for (is_agency, who), replies in sorted(of.items()):
        told = {says: [each for each in replies if each.says == says] for says in Reply.Says}
        contact = next((each.unit.contact for each in replies if each.unit), "")
        as_of = next((each.as_of for each in replies if each.as_of), None)
        not_checked = [_named(each, known, WHY.get(each.why, _OTHER)) for each in told[Reply.Says.NOT_CHECKED]]
        yes = [_named(each, known) for each in told[Reply.Says.YES]]
        yield AnswerShown(who, is_agency, contact, yes, not_checked, len(told[Reply.Says.NO]), len(told[Reply.Says.WAITING]), as_of)


def _named(reply: Reply, known: Mapping[UUID, Subject], why: Promise | str = "") -> Named:
    subject = known.get(reply.value)
    if subject is None:
        return Named(gettext_lazy("a value that the referral does not name any more"), "", why)
    return Named(KINDS.get(subject.kind, subject.kind), subject.text, why)
