"""The states concerned in words: how sure, by which criterion, and why. No value of a person stands in any of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.referrals.models import Person
from grace.routing.concerned import Concerned
from grace.routing.models import Correction, Proposal
from grace.web import words

ACTS: Mapping[str, Promise] = {
    "add": gettext_lazy("added"),
    "confirm": gettext_lazy("confirmed"),
    "remove": gettext_lazy("removed"),
}
_MATTERS: Mapping[str, Promise] = {
    "statement": gettext_lazy("named as concerned by the sender"),
    "address": gettext_lazy("stated address"),
    "location": gettext_lazy("location as the sender estimates it"),
    "phone": gettext_lazy("telephone number"),
    "network": gettext_lazy("network address"),
    "time_zone": gettext_lazy("time zone"),
    "language": gettext_lazy("language of a text or screen"),
    "establishment": gettext_lazy("establishment of the sender"),
}
_MARKS: Mapping[str, Promise] = {
    "proxy": gettext_lazy("a proxy, as the sender says"),
    "hosting": gettext_lazy("a network for hire"),
    "in_text": gettext_lazy("found in text"),
    "unverified": gettext_lazy("not verified"),
    "code_alone": gettext_lazy("by a code alone"),
}
_ROLES: Mapping[str, Promise] = {
    "reported": gettext_lazy("reported account"),
    "associated": gettext_lazy("associated account"),
    "recipient": gettext_lazy("recipient"),
    "victim": gettext_lazy("victim"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """One criterion by which a state is concerned: words, how sure, the reasons for it, and those against."""

    criterion: Promise | str
    confidence: float
    speaks_for: list[str]
    speaks_against: list[str]

    @property
    def percent(self) -> int:
        """The width of the bar."""
        return round(100 * self.confidence)

    @property
    def shown(self) -> str:
        """The confidence in two digits."""
        return f"{self.confidence:.2f}"


@dataclass(frozen=True, slots=True)
class RecipientShown:
    """A recipient with all that speaks for it, the surest first; ``word`` is an officer's last one."""

    key: str
    label: str
    whys: list[Why]
    word: Correction | None
    said: Promise | str

    @property
    def may_confirm(self) -> bool:
        """Whether an officer has not yet said so."""
        return self.word is None or not self.word.concerned

    @property
    def may_remove(self) -> bool:
        """Europol stays where no member state is, unless an officer asked for it."""
        return self.key != "europol" or (self.word is not None and self.word.concerned)


def recipients(found: Concerned, persons: Sequence[Person]) -> Iterator[RecipientShown]:
    """Those who are concerned."""
    for key in found.recipients:
        word = found.last_word(key)
        whys = [_why(each, persons) for each in found.proposals if each.state == key]
        yield RecipientShown(key, words.recipient(key), whys, word, ACTS[word.act] if word else "")


def weak(found: Concerned, persons: Sequence[Person]) -> Iterator[tuple[str, Why]]:
    """What the evidence also speaks for, too weakly or against an officer's word: it concerns nobody."""
    for each in found.proposals:
        if each.state not in found.recipients:
            yield each.state, _why(each, persons)


def _why(proposal: Proposal, persons: Sequence[Person]) -> Why:
    told = [(reason["state"] == proposal.state, _reason(reason, persons, proposal.state)) for reason in proposal.reasons]
    return Why(
        words.CRITERIA.get(proposal.criterion, proposal.criterion),
        proposal.confidence,
        [text for speaks_for, text in told if speaks_for],
        [text for speaks_for, text in told if not speaks_for],
    )


def _reason(reason: Mapping[str, Any], persons: Sequence[Person], state: str) -> str:
    """“7 times network address of the reported account (a network for hire)”; of a contradiction, the other state first."""
    text = str(_MATTERS.get(reason["matter"], reason["matter"]))
    if reason["count"] > 1:
        text = _("%(count)d times %(what)s") % {"what": text, "count": reason["count"]}
    who = _who(reason["person"], persons)
    if who:
        text = _("%(what)s of the %(who)s") % {"what": text, "who": who}
    marks = ", ".join(str(_MARKS.get(mark, mark)) for mark in reason["marks"])
    text = f"{text} ({marks})" if marks else text
    return text if reason["state"] == state else f"{reason['state']}: {text}"


def _who(ordinal: int | None, persons: Sequence[Person]) -> str:
    role = next((each.role for each in persons if each.ordinal == ordinal), "")
    return str(_ROLES.get(role, ""))
