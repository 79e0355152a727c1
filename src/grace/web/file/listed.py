"""What the lists answered, in words: checked without a hit is one thing, not checked is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.matching.look_up import Answer, Known, State, Why

NAMES: Mapping[str, str] = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "pdq": "PDQ"}
_WHY: Mapping[Why, Promise] = {
    Why.QUALITY: gettext_lazy("quality too low"),
    Why.NO_LIST: gettext_lazy("no list holds this kind of hash"),
    Why.INDEX: gettext_lazy("the index of the lists is being made anew"),
    Why.ALGORITHM: gettext_lazy("this kind of hash cannot be checked"),
    Why.MALFORMED: gettext_lazy("not a hash of its kind"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the lists: the algorithm, the answer in a word, why it was not asked, and who answered."""

    name: str
    answer: str
    why: Promise | str
    known: Sequence[Known]
    is_checked: bool


def checks(answers: Sequence[Answer]) -> list[Check]:
    """All questions about a file, in the order of their algorithms."""
    return sorted(_checks(answers), key=lambda each: each.name)


def _checks(answers: Sequence[Answer]) -> Iterator[Check]:
    for each in answers:
        name = NAMES.get(each.asked.algorithm, each.asked.algorithm)
        yield Check(name, _in_a_word(each), _WHY[each.why] if each.why else "", each.known, each.state is not State.NOT_CHECKED)


def _in_a_word(answer: Answer) -> str:
    if answer.state is State.NOT_CHECKED:
        return _("not checked")
    return _("on a list") if answer.state is State.KNOWN else _("on no list")
