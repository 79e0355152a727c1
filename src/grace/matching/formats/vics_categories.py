"""What the numbers of a national scale mean, as data: the scales that come with GRACE, and the operator's own over them.

The tables themselves are not public. What comes with GRACE therefore names a number by its scale ("US 2") and says of 0
only that its meaning must be chosen: tools in the field read it both as "not categorised" and as "not pertinent".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.formats.item import MOST_CATEGORY

OWN = Path(__file__).resolve().parent.parent / "data" / "vics_categories.json"
MOST_BYTES = 1 << 20
MOST_NUMBER = 9999
UNCATEGORISED = "uncategorised"
NOT_PERTINENT = "not pertinent"


class Means(StrEnum):
    """What a number does to a record."""

    LISTED = "listed"
    UNCATEGORISED = "uncategorised"
    NOT_PERTINENT = "not-pertinent"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Scale:
    """One national scale: what its numbers mean, ``LISTED`` where it does not say, and the words that officers read."""

    name: str
    means: Mapping[int, Means]
    words: Mapping[int, str]

    def meaning(self, number: int | None, zero: str = "") -> Means:
        """What becomes of a record of this category; ``zero`` is what 0 was said to mean."""
        if number is None:
            return Means.UNCATEGORISED
        if number == 0 and zero:
            return Means(zero)
        return self.means.get(number, Means.LISTED)

    def word(self, number: int | None, zero: str = "") -> str:
        """The category in words."""
        means = self.meaning(number, zero)
        if number is None or (number not in self.words and means in {Means.UNCATEGORISED, Means.NOT_PERTINENT}):
            return NOT_PERTINENT if means is Means.NOT_PERTINENT else UNCATEGORISED
        return self.words.get(number, f"{self.name} {number}")

    def number(self, word: str) -> int | None:
        """The number whose word this is."""
        return next((number for number, said in self.words.items() if said == word), None)


def scales(own: Path | None = None) -> dict[str, Scale]:
    """All scales by name: those that come with GRACE, and over them those of the operator's file. Raises :class:`Invalid`."""
    found = dict(_shipped())
    if own is not None:
        try:
            raw = own.read_bytes()[: MOST_BYTES + 1]
        except OSError as fault:
            raise Invalid(_("The file of VICS categories cannot be read."), remedy=_("Mend GRACE_VICS_CATEGORIES.")) from fault
        found |= _read(raw)
    return found


@cache
def _shipped() -> Mapping[str, Scale]:
    return _read(OWN.read_bytes())


def _read(raw: bytes) -> dict[str, Scale]:
    try:
        return _scales(json.loads(raw.decode("utf-8-sig")) if len(raw) <= MOST_BYTES else None)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as fault:
        remedy = _("It must be as docs/reference/hash-list-formats.md shows.")
        raise Invalid(_("The file of VICS categories is not what it must be."), remedy=remedy) from fault


def _scales(body: object) -> dict[str, Scale]:
    if not isinstance(body, dict) or set(body) != {"format", "scales"} or body["format"] != 1:
        raise ValueError
    return {name: _scale(name, told) for name, told in body["scales"].items()}


def _scale(name: str, told: Mapping[str, Any]) -> Scale:
    if not name or len(name) > 40 or not name.isprintable() or set(told) != {"means", "words"}:
        raise ValueError
    means = {_number(key): Means(value) if value is not None else Means.UNDECIDED for key, value in told["means"].items()}
    words = {_number(key): _word(value) for key, value in told["words"].items()}
    return Scale(name, means, words)


def _number(key: str) -> int:
    if not key.isdecimal() or int(key) > MOST_NUMBER:
        raise ValueError
    return int(key)


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_CATEGORY or not value.isprintable():
        raise ValueError
    return value.strip()
