"""What analysers saw of a file, in words: each finding with its basis, and who could not say anything and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.analysis.findings import Said
from grace.analysis.labels import Key
from grace.analysis.models import Label
from grace.sdk.signals import Basis
from grace.web import words

NAMES: Mapping[str, Promise] = {
    "file.type": gettext_lazy("Type by content"),
    "file.appended": gettext_lazy("Bytes behind its end"),
    "file.polyglot": gettext_lazy("Second type"),
    "file.cut_short": gettext_lazy("Cut short"),
    "file.encrypted": gettext_lazy("Encrypted"),
    "gps": gettext_lazy("Place"),
    "device.model": gettext_lazy("Device"),
    "device.serial": gettext_lazy("Device number"),
    "software": gettext_lazy("Software"),
    "taken_at": gettext_lazy("Taken"),
    "created_at": gettext_lazy("Made"),
    "generator": gettext_lazy("Program that invented it"),
    "c2pa": gettext_lazy("Content credentials"),
    "thumbnail": gettext_lazy("Thumbnail inside"),
    "file.filled": gettext_lazy("Filling behind its end"),
    "modified_at": gettext_lazy("Changed"),
    "device.make": gettext_lazy("Maker"),
    "device.lens": gettext_lazy("Lens"),
    "device.owner": gettext_lazy("Owner of the device"),
    "image.id": gettext_lazy("Id of the picture"),
    "document.id": gettext_lazy("Id of the document"),
    "history": gettext_lazy("Steps of editing"),
    "source_type": gettext_lazy("Source it says"),
    "generation": gettext_lazy("How it was generated"),
    "orientation": gettext_lazy("How it was held"),
    "dimensions": gettext_lazy("Dimensions"),
    "duration": gettext_lazy("Length, milliseconds"),
    "color.profile": gettext_lazy("Colour profile"),
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "keyword": gettext_lazy("Keyword"),
    "author": gettext_lazy("Author"),
    "copyright": gettext_lazy("Rights"),
    "credit": gettext_lazy("Credit"),
    "place": gettext_lazy("Name of a place"),
    "identifier.email": gettext_lazy("E-mail address"),
    "identifier.phone": gettext_lazy("Telephone number"),
    "identifier.ip": gettext_lazy("Internet address"),
    "identifier.url": gettext_lazy("Web address"),
    "identifier.screen_name": gettext_lazy("Name at a service"),
    "identifier.payment": gettext_lazy("Account or wallet"),
    "sound.level": gettext_lazy("Level of the sound"),
    "sound.loudness": gettext_lazy("Loudness"),
    "sound.silence": gettext_lazy("Share of silence"),
    "speech.total": gettext_lazy("Speech, milliseconds"),
    "speech.span": gettext_lazy("Somebody speaks"),
    "comment": gettext_lazy("Comment"),
    "video.length": gettext_lazy("Length of the video, milliseconds"),
    "video.size": gettext_lazy("Size of the video, pixels"),
    "video.rate": gettext_lazy("Pictures a second"),
    "video.codec": gettext_lazy("Codec of the pictures"),
    "video.sound": gettext_lazy("Codec of the sound"),
    "video.shots": gettext_lazy("Shots"),
    "video.shot": gettext_lazy("Shot"),
    "video.black": gettext_lazy("Black, milliseconds"),
    "video.still": gettext_lazy("Standing still, milliseconds"),
    "picture.kind": gettext_lazy("Kind of picture"),
    "picture.colours": gettext_lazy("Colours"),
    "picture.quality": gettext_lazy("Quality of the picture"),
    "text.language": gettext_lazy("Language"),
    "text.script": gettext_lazy("Script"),
    "writing": gettext_lazy("Text in the picture"),
    "tag": gettext_lazy("Further field"),
}
"""Kinds of our own analysers; one of another is called what its analyser calls it."""
BASES: Mapping[str, Promise] = {Basis.OBSERVED.value: gettext_lazy("observed"), Basis.MODEL.value: gettext_lazy("model")}
_OF_NOBODY = ("file.", "picture.", "sound.", "speech.", "text.", "video.")
"""Kinds that say nothing of a person: they are shown to whoever sees the file, the others to who has taken the referral."""
_WHERE = re.compile(r"(box|span|bytes|text):([0-9.]{1,20}(?:,[0-9.]{1,20}){1,3})")
MOST_SHOWN = 50
"""Findings of one analyser on the page; the API has all."""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as the page tells it; ``value`` is None where it stays covered."""

    name: Promise | str
    value: str | None
    where: str
    sureness: int | None
    basis: str
    basis_said: Promise | str
    facts: Sequence[tuple[str, str]]
    id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one analyser said: the lines, how many more there are, and why nothing where it failed."""

    analyser: str
    version: str
    at: datetime
    failed: str
    lines: Sequence[Line]
    further: int


def told(said: Sequence[Said], labels: Mapping[Key, Label], *, uncovered: bool) -> list[Told]:
    """All analysers that say something or failed, with what the unit said of each finding."""
    return [
        Told(
            each.analyser,
            each.version,
            each.at,
            words.reason(each.failed) if each.failed else "",
            list(_lines(each, labels, uncovered=uncovered)),
            max(0, len(each.seen) - MOST_SHOWN),
        )
        for each in said
        if each.seen or each.failed
    ]


def _lines(said: Said, labels: Mapping[Key, Label], *, uncovered: bool) -> Iterator[Line]:
    for each in said.seen[:MOST_SHOWN]:
        is_open = uncovered or each.kind.startswith(_OF_NOBODY)
        label = labels.get((said.analyser, each.kind, each.value))
        yield Line(
            name=NAMES.get(each.kind, each.kind),
            value=each.value if is_open else None,
            where=_where(each.located),
            sureness=None if each.confidence is None else round(100 * each.confidence),
            basis=each.basis,
            basis_said=BASES[each.basis],
            facts=sorted(each.facts.items()) if is_open else (),
            id=each.id,
            label=words.label(label.verdict, label.instead if is_open else "") if label else "",
        )


def _where(located: str) -> str:
    found = _WHERE.fullmatch(located)
    if not found:
        return ""
    numbers = found[2].split(",")
    match found[1]:
        case "span":
            return _("from %(start)s s to %(end)s s") % {"start": _seconds(numbers[0]), "end": _seconds(numbers[-1])}
        case "bytes":
            return _("bytes %(start)s to %(end)s") % {"start": numbers[0], "end": numbers[-1]}
        case "text":
            return _("characters %(start)s to %(end)s") % {"start": numbers[0], "end": numbers[-1]}
        case _:
            return _("in a part of the picture")


def _seconds(milliseconds: str) -> str:
    return f"{float(milliseconds) / 1000:.1f}" if milliseconds.count(".") <= 1 else milliseconds
