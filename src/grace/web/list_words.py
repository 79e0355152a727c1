"""What hash lists say, in words: the meaning of a list, why an entry does not count, and what is thought of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from grace.matching.look_up import Known
from grace.matching.meaning import Meaning
from grace.matching.weigh import NEGATIVE, VIDEO

MEANINGS: Mapping[str, Promise] = {
    Meaning.ALERT: gettext_lazy("alert list"),
    Meaning.KNOWN: gettext_lazy("known files, not known good"),
    Meaning.NEGATIVE: gettext_lazy("confirmed not of interest"),
}
ZEROS: Mapping[str, Promise] = {
    "uncategorised": gettext_lazy("not categorised"),
    "not-pertinent": gettext_lazy("not pertinent"),
    "listed": gettext_lazy("a category like the others"),
}
"""What VICS category 0 may mean."""
FACTS: Mapping[str, Promise] = {
    "kind": gettext_lazy("Kind"),
    "media_type": gettext_lazy("Type"),
    "size": gettext_lazy("Size in bytes"),
    "series": gettext_lazy("Series"),
    "tags": gettext_lazy("Tags"),
    "victim_identified": gettext_lazy("Victim identified"),
    "offender_identified": gettext_lazy("Offender identified"),
    "distributed": gettext_lazy("Distributed"),
    "suspected": gettext_lazy("Suspected"),
    "self_generated": gettext_lazy("Self-generated"),
    "precategorized": gettext_lazy("Categorised before"),
    "precategorized_by": gettext_lazy("Categorised by"),
    "number": gettext_lazy("Category number"),
    "scale": gettext_lazy("Scale of categories"),
    "submissions": gettext_lazy("Submissions"),
    "file_available": gettext_lazy("File available"),
    "baseline": gettext_lazy("Baseline"),
    "updated": gettext_lazy("Updated at the source"),
    "member": gettext_lazy("Member"),
    "photodna": gettext_lazy("PhotoDNA"),
}
"""What a source says of an item."""
NAMES: Mapping[str, str] = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "pdq": "PDQ", "vpdq": "vPDQ"}
"""How kinds of hashes are written, everywhere."""
PARTS: Mapping[str, Promise] = {
    "aside": gettext_lazy("set aside"),
    "noisy": gettext_lazy("noisy"),
    "disputed": gettext_lazy("disputed"),
    "confirmed": gettext_lazy("confirmed"),
    "proposed": gettext_lazy("proposed"),
    "gone": gettext_lazy("taken out"),
    "videos": gettext_lazy("videos"),
    "videos-aside": gettext_lazy("videos set aside"),
}
"""What can be asked of a list besides all its entries."""
MOST_DIGITS = 64
STANCES: Mapping[str, Promise] = {"confirm": gettext_lazy("confirmed"), "dispute": gettext_lazy("disputed")}
ASIDES: Mapping[str, Promise] = {
    "noisy": gettext_lazy("set aside: noisy"),
    "officer": gettext_lazy("set aside by an officer"),
    NEGATIVE: gettext_lazy("set aside: a negative list says otherwise"),
    VIDEO: gettext_lazy("set aside with its listed video"),
}


def value_of(value: bytes) -> str:
    """A value in hexadecimal; one that is longer than any digest is cut."""
    written = value[: MOST_DIGITS // 2 + 1].hex()
    return written if len(written) <= MOST_DIGITS else f"{written[:MOST_DIGITS]} …"


def fact(name: str, value: object) -> tuple[str, str]:
    """A fact in words."""
    said = gettext("yes") if value is True else gettext("no") if value is False else str(value)
    return str(FACTS.get(name, name)), said if len(said) <= 80 else f"{said[:40]} …"


def said_of(known: Known) -> Iterator[str]:
    """What must be said beside a match, besides list, category and source."""
    for video in known.videos:
        if known.overlap and known.overlap.video == video:
            yield gettext("listed video “%(label)s”") % {"label": video.label}
        else:
            yield gettext("a picture of the listed video “%(label)s”") % {"label": video.label}
    yield from state_of(known)


def state_of(known: Known) -> Iterator[str]:
    """What an entry is worth: another meaning than an alert, why it does not count, what is thought of it."""
    if known.meaning is not Meaning.ALERT:
        yield str(MEANINGS[known.meaning])
    if known.aside:
        yield str(ASIDES.get(known.aside, known.aside))
    if known.confirmed:
        yield ngettext("confirmed by %(n)d", "confirmed by %(n)d", known.confirmed) % {"n": known.confirmed}
    if known.disputed:
        yield ngettext("disputed by %(n)d", "disputed by %(n)d", known.disputed) % {"n": known.disputed}
