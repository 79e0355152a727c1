"""Free text of a report: what somebody wrote, as the sender passes it on. Covered until the referral is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.analysis.findings import Said
from grace.analysis.labels import Key
from grace.analysis.models import Label
from grace.analysis.passage import digest
from grace.referrals.models import Sighting
from grace.sdk.signals import Basis
from grace.web import words
from grace.web.referral.persons import KINDS

LONGEST_SHOWN = 4_000
"""Characters of a passage on the page; the whole of it stands in “everything the document says”."""


_NAMES: Mapping[str, Promise] = {"text.language": gettext_lazy("Language"), "text.script": gettext_lazy("Script")}
"""Kinds of our own analysers; one of another is called what its analyser calls it."""
_BASES: Mapping[str, Promise] = {Basis.OBSERVED.value: gettext_lazy("observed"), Basis.MODEL.value: gettext_lazy("model")}
_WHERE = re.compile(r"text:([0-9]{1,9}),([0-9]{1,9})")
MOST_SAID = 20
"""Findings of one analyser beside a passage."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an analyser said of a passage; ``value`` and ``reason`` are empty while covered, ``start`` None where it means the whole.

    ``analyser`` and ``code`` are what a form names it by; ``label`` is what the unit said of it, in words.
    """

    by: str
    analyser: str
    code: str
    kind: Promise | str
    value: str
    reason: str
    basis: str
    basis_said: Promise | str
    sureness: int | None
    start: str | None
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An identifier that a search found in the text: where, and the link to referrals that hold it too.

    ``normal``, ``service`` and ``address`` are empty while covered; so is ``address`` where the version has no sighting of it.
    """

    kind: Promise | str
    normal: str
    service: str
    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the shown text; ``mention`` is what it is, None for the words between."""

    text: str
    mention: Mention | None = None


@dataclass(frozen=True, slots=True)
class PassageShown:
    """A passage: what it is, where it stands, how long it is; ``pieces`` is empty while covered."""

    about: str
    path: str
    length: int
    pieces: list[Piece]
    mentions: list[Mention]
    digest: str
    cut: bool
    heard: list[Heard]


def of(
    canonical: Mapping[str, Any],
    sightings: Iterable[Sighting],
    heard: Mapping[bytes, Sequence[Said]],
    labels: Mapping[tuple[bytes, Key], Label],
    *,
    uncovered: bool,
) -> Iterator[PassageShown]:
    """All passages: of the incident, of persons, of files; ``heard`` and ``labels`` by the digest of their text."""
    held = {(each.identifier.kind, each.identifier.value): each.id for each in sightings}
    everywhere = [canonical, *canonical.get("persons", []), *canonical.get("attachments", [])]
    for place in everywhere:
        for told in place.get("passages", []):
            text, named = told["text"], digest(told["text"])
            # A version that was read before the search existed tells of no identifiers.
            mentions = [_mention(each, held, uncovered=uncovered) for each in told.get("identifiers", [])]
            yield PassageShown(
                about=words.said(str(told["about"]).replace("_", " ")),
                path=told["path"],
                length=len(text),
                pieces=list(_pieces(text[:LONGEST_SHOWN], mentions)) if uncovered else [],
                mentions=mentions,
                digest=named.hex(),
                cut=len(text) > LONGEST_SHOWN,
                heard=[line for said in heard.get(named, ()) for line in _heard(said, named, labels, uncovered=uncovered)],
            )


def _heard(said: Said, named: bytes, labels: Mapping[tuple[bytes, Key], Label], *, uncovered: bool) -> Iterator[Heard]:
    for each in said.seen[:MOST_SAID]:
        place = _WHERE.fullmatch(each.located)
        label = labels.get((named, (said.analyser, each.kind, each.value)))
        yield Heard(
            by=f"{said.analyser} {said.version}",
            analyser=said.analyser,
            code=each.kind,
            kind=_NAMES.get(each.kind, each.kind),
            value=each.value if uncovered else "",
            reason=str(each.facts.get("reason", "")) if uncovered else "",
            basis=each.basis,
            basis_said=_BASES[each.basis],
            sureness=None if each.confidence is None or not uncovered else round(100 * each.confidence),
            start=place[1] if place else None,
            end=place[2] if place else "",
            label=words.label(label.verdict, label.instead if uncovered else "") if label else "",
        )


def _mention(told: Mapping[str, Any], held: Mapping[tuple[str, str], int], *, uncovered: bool) -> Mention:
    sighting = held.get((told["type"], told["normal"]))
    return Mention(
        kind=KINDS.get(told["type"], told["type"]),
        normal=told["normal"] if uncovered else "",
        service=told["service"] or "" if uncovered else "",
        start=told["start"],
        end=told["end"],
        address=f"{reverse('queue')}?like={sighting}" if uncovered and sighting else "",
    )


def _pieces(shown: str, mentions: Iterable[Mention]) -> Iterator[Piece]:
    """The text in parts; a mention that the cut would halve stays in the list below it only."""
    place = 0
    for each in mentions:
        if each.end > len(shown):
            break
        if each.start > place:
            yield Piece(shown[place : each.start])
        yield Piece(shown[each.start : each.end], each)
        place = each.end
    if place < len(shown):
        yield Piece(shown[place:])
