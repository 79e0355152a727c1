"""The identifiers in a passage, as ``grace.identifiers`` finds and spells them: nothing new is found here, only carried."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers

from grace.identifiers.find import Found, find
from grace.sdk.analysis import MOST_SEEN, MOST_VALUE, AnalyserInfo, Cost, Finding, Seen, Subject, Takes, Text
from grace.sdk.intake import Kind
from grace.sdk.signals import Basis
from grace.sdk.text import storable

MOST_CHARACTERS = 500_000
"""Characters that are searched: a flood of text costs a second or two."""
_FACT = "service"
_KINDS = {
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a telephone number with its country, in E.164",
    Kind.IP: "an address of the Internet",
    Kind.URL: "a web address",
    Kind.SCREEN_NAME: f"a name at a service, which the fact {_FACT!r} names",
    Kind.PAYMENT: "an IBAN or the address of a wallet",
}
_SAMPLE = (
    "Write to kite@example.org or kite at example dot org or zoë@bücher.example, call +49 30 23125077 or 030 23125077, see https://www.example.com/a?b=c and "
    "192.0.2.7 or 2001:db8::7; I am kite_77 on Snapchat, insta: kite.77; IBAN DE89 3704 0044 0532 0130 00."
)


class Identifiers:
    """The analyser."""

    info = AnalyserInfo(
        name="identifiers",
        version="1",
        cost=Cost.CHEAP,
        licence="Apache-2.0",
        takes=Takes.TEXT,
        gives={f"identifier.{kind}": meaning for kind, meaning in _KINDS.items()},
    )

    def warm_up(self) -> None:
        """Read the words, the domains, every country's numbers and the codecs of host names."""
        phonenumbers.PhoneMetadata.load_all()
        find(_SAMPLE, region="DE")

    def examine(self, subject: Subject) -> Seen:
        """The first ``MOST_SEEN`` identifiers in the order of their places, each in its normal spelling.

        One whose normal spelling is longer than a finding may be, or cannot be stored, is left out.
        """
        if not isinstance(subject, Text):
            raise TypeError("The analyser of identifiers takes texts.")
        return tuple(_findings(find(subject.text[:MOST_CHARACTERS], most=MOST_SEEN)))


def _findings(found: tuple[Found, ...]) -> Iterator[Finding]:
    for each in found:
        facts = {_FACT: each.service} if each.service else {}
        if all(len(text) <= MOST_VALUE and storable(text) == text for text in (each.normal, *facts.values())):
            yield Finding(f"identifier.{each.kind}", each.normal, Basis.OBSERVED, f"text:{each.start},{each.end}", facts=facts)


ANALYSER = Identifiers()
