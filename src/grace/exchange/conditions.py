"""Handling conditions that travel with data (LED Article 9(3)): codes as data, and what they forbid to whoever hands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.kernel.errors import Invalid, Refused

MOST_TEXT = 2_000


class Onward(StrEnum):
    """What a condition says of handing the data on."""

    FREE = "free"
    WITH_CONSENT = "with-consent"
    WITHIN_ONLY = "within-only"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what an officer reads, and what it does to onward transfer."""

    code: str
    label: Promise
    meaning: Promise
    onward: Onward


CONDITIONS: Mapping[str, Condition] = {
    each.code: each
    for each in (
        Condition(
            "no-onward-transfer",
            gettext_lazy("No onward transfer"),
            gettext_lazy("It stays with the recipient and is handed to no other agency."),
            Onward.NEVER,
        ),
        Condition(
            "not-outside-the-eea",
            gettext_lazy("Not outside the EEA"),
            gettext_lazy("It is handed on within the European Economic Area only."),
            Onward.WITHIN_ONLY,
        ),
        Condition(
            "ask-originator",
            gettext_lazy("Ask the originator first"),
            gettext_lazy("Whoever wants to hand it on asks the agency that it came from, and notes the consent."),
            Onward.WITH_CONSENT,
        ),
        Condition(
            "stated-purpose-only",
            gettext_lazy("For the stated purpose only"),
            gettext_lazy("Another purpose needs a new request."),
            Onward.FREE,
        ),
        Condition(
            "intelligence-only",
            gettext_lazy("Not as evidence"),
            gettext_lazy("It may guide an investigation; for use in court the originator is asked."),
            Onward.FREE,
        ),
    )
}
"""Every code that a package may carry. A code keeps its meaning for ever; a new one is a new version of the format."""

PURPOSES: Mapping[str, Promise] = {
    "prevention": gettext_lazy("prevention"),
    "investigation": gettext_lazy("investigation"),
    "prosecution": gettext_lazy("prosecution"),
    "immediate-threat": gettext_lazy("averting an immediate threat"),
}
"""For what data may be handed over (LED Article 1)."""


def read(codes: Iterable[str], text: str) -> tuple[str, ...]:
    """The codes in their usual order. Raises :class:`Invalid` for one that nobody knows or a text that is too long."""
    wanted = set(codes)
    if wanted - CONDITIONS.keys():
        raise Invalid(_("There is no such handling condition."), remedy=_("Choose from the list."))
    if len(text) > MOST_TEXT or "\0" in text:
        raise Invalid(_("The words on handling may have up to %(most)d characters.") % {"most": MOST_TEXT})
    return tuple(code for code in CONDITIONS if code in wanted)


def check_onward(inherited: Iterable[str], *, within: bool | None, consent: str) -> None:
    """Raise :class:`Refused` where conditions that the data came under forbid handing it on.

    ``within`` tells whether the recipient is in the European Economic Area; None where nobody knows, as with words in a free field.
    ``consent`` is the originator's consent as the officer noted it.
    """
    rules = {CONDITIONS[code].onward for code in inherited if code in CONDITIONS}
    if Onward.NEVER in rules:
        raise Refused(_("This came under the condition that it is not handed on."), remedy=_("Ask the agency that it came from."))
    if Onward.WITHIN_ONLY in rules and within is not True:
        raise Refused(_("This came under the condition that it stays within the European Economic Area."))
    if Onward.WITH_CONSENT in rules and not consent.strip():
        raise Refused(
            _("The agency that this came from has to be asked before it is handed on."),
            remedy=_("Ask it, and note who consented and when."),
        )
