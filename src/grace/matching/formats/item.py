"""What a list says, in whatever form: items, items that are gone, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MOST_CATEGORY = 200
MOST_SOURCE = 200
MOST_NOTE = 2000
MOST_KEY = 200
MOST_FACT = 2000
VIDEO = "video:"
"""How the key of an item begins that is a listed video."""
MOST_VIDEO = MOST_KEY - len(VIDEO)

FACTS: Mapping[str, type] = {
    "kind": str,
    "media_type": str,
    "size": int,
    "photodna": str,
    "series": str,
    "tags": str,
    "victim_identified": bool,
    "offender_identified": bool,
    "distributed": bool,
    "suspected": bool,
    "self_generated": bool,
    "precategorized": bool,
    "precategorized_by": str,
    "number": int,
    "scale": str,
    "media_id": int,
    "submissions": int,
    "file_available": bool,
    "baseline": str,
    "updated": str,
    "member": str,
}
"""What is kept of an item beyond digests, category, source and note. Names and paths of files, and what was found in
them, are not: they tell of the case that the picture was found in, and a list needs to know the picture only."""

Fact = str | int | bool
_UNSHOWN = re.compile(r"[^\S ]+|[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a list names by one or more digests; ``number`` counts lines or records from 1.

    ``key`` is what the source calls it, empty where it has no name: items of one key are one thing. ``category`` and
    ``source`` empty mean the list's own. ``video`` is what a listed video is called whose pictures the digests are; its
    key is then :func:`video_key`. ``milliseconds`` is when its last picture stands in it, None where its form does not say.
    """

    number: int
    digests: tuple[tuple[str, bytes], ...]
    category: str = ""
    source: str = ""
    note: str = ""
    key: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    video: str = ""
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An item that the source took back: all of ``key``, or only these digests of it."""

    number: int
    key: str
    digests: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that was left out on purpose, and why; it is counted, and no fault."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line or record that was refused, and why."""

    number: int
    why: str


Told = Item | Gone | Passed | Fault
Tellings = Iterator[Told]


def video_key(label: str) -> str:
    """The key of a listed video: its pictures belong together by it."""
    return f"{VIDEO}{label}"


def tidy(text: str, most: int) -> str:
    """One line that can be stored and shown: what cannot is a blank, what is too long is cut and says so by an ellipsis."""
    told = "".join(sign if sign.isprintable() else " " for sign in _UNSHOWN.sub(" ", text)).strip()
    return told if len(told) <= most else told[: most - 1].rstrip() + "…"


def unfit(category: str, source: str, note: str, video: str = "") -> str | None:
    """Why the texts of a line cannot be kept as they are; None where they can."""
    limits = (
        ("category", category, MOST_CATEGORY),
        ("source", source, MOST_SOURCE),
        ("note", note, MOST_NOTE),
        ("video", video, MOST_VIDEO),
    )
    for name, text, most in limits:
        if len(text) > most:
            return _("the %(column)s is longer than %(most)d characters") % {"column": name, "most": most}
        if not text.isprintable():
            return _("the %(column)s holds a character that cannot be shown") % {"column": name}
    return None
