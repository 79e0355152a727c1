"""What the lists answered, in words: checked without a hit is one thing, not checked is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.matching.look_up import Answer, Known, State, Why
from grace.matching.matches import Key, numbers_of
from grace.web.list_words import NAMES

_WHY: Mapping[Why, Promise] = {
    Why.QUALITY: gettext_lazy("quality too low"),
    Why.NO_LIST: gettext_lazy("no list holds this kind of hash"),
    Why.INDEX: gettext_lazy("the index of the lists is being made anew"),
    Why.ALGORITHM: gettext_lazy("this kind of hash cannot be checked"),
    Why.MALFORMED: gettext_lazy("not a hash of its kind"),
    Why.NO_FINGERPRINT: gettext_lazy("there is no fingerprint"),
    Why.VIDEO: gettext_lazy("videos are not compared with each other"),
    Why.PART: gettext_lazy("only a part of the video could be looked at"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry that answered, and the number of the match where one is kept."""

    known: Known
    number: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the lists: the algorithm, the answer in a word, why it was not asked, and who answered."""

    name: str
    answer: str
    why: Promise | str
    known: Sequence[Listed]
    is_checked: bool


def checks(answers: Sequence[Answer], numbers: Mapping[Key, int]) -> list[Check]:
    """All questions about a file, in the order of their algorithms; ``numbers`` are those of the matches that are kept."""
    return sorted(_checks(answers, numbers), key=lambda each: each.name)


def why_not(why: Why | None) -> Promise | str:
    """Why something was not checked, in words."""
    return _WHY[why] if why else ""


def _checks(answers: Sequence[Answer], numbers: Mapping[Key, int]) -> Iterator[Check]:
    for each in answers:
        name = NAMES.get(each.asked.algorithm, each.asked.algorithm)
        by_entry = numbers_of(each, numbers)
        known = [Listed(known, by_entry.get(known.entry_id)) for known in each.known]
        yield Check(name, _in_a_word(each), why_not(each.why), known, each.state is not State.NOT_CHECKED)


def _in_a_word(answer: Answer) -> str:
    if answer.state is State.NOT_CHECKED:
        return _("not checked")
    return _("on a list") if answer.state is State.KNOWN else _("on no list")
