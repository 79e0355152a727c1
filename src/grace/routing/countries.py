"""Names and codes of countries, zones of time: from text as people write it to an ISO 3166-1 alpha-2 code.

The names are English, native, and those of some large languages of the Union; the zones are those of the public-domain tz
database. Greece is GR, whatever the writer's habit (EL).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

_LONGEST = 100
_AMBIGUOUS = frozenset({"georgia", "jersey"})
"""Names that behind a city more often mean a place elsewhere."""
_NOT_LETTERS = re.compile(r"[^\w]+")


def country_of(text: str) -> str | None:
    """The country that the whole text names, by code or name; None for anything else."""
    found = _names().get(folded(text)) if len(text) <= _LONGEST else None
    return state_of(found) if found else None


def country_at_end(text: str) -> str | None:
    """The country of a place as people write it (``Paris, France``): the whole text, or what stands behind the last comma.

    A code alone says nothing there: behind a city, CA is California and DE may be Delaware.
    """
    for part in (text, text.rpartition(",")[2]) if len(text) <= _LONGEST else ():
        plain = folded(part)
        if len(plain) > 3 and plain not in _AMBIGUOUS and plain in _names():
            return state_of(_names()[plain])
    return None


def country_of_zone(text: str) -> str | None:
    """The country for which a zone of the tz database is named: ``Europe/Paris`` gives FR."""
    found = _zones().get(text.strip()) if len(text) <= _LONGEST else None
    return state_of(found) if found else None


@lru_cache(maxsize=1024)
def state_of(code: str) -> str | None:
    """The state that a code stands for: those parts of a member state that have a code of their own count as the state."""
    return _parts().get(code, code) if code in states() else None


@cache
def members() -> frozenset[str]:
    """The member states of the Union."""
    return frozenset(row["state"] for row in _rows("countries.csv") if row["member"])


@cache
def states() -> frozenset[str]:
    """Every code there is."""
    return frozenset(row["state"] for row in _rows("countries.csv"))


@cache
def _parts() -> Mapping[str, str]:
    return {row["state"]: row["part_of"] for row in _rows("countries.csv") if row["part_of"]}


@cache
def _names() -> Mapping[str, str]:
    """By folded name; the empty text, which much hostile text folds to, names none."""
    found = {row["state"].casefold(): row["state"] for row in _rows("countries.csv")}
    for row in _rows("countries.csv"):
        for name in filter(folded, row["names"].split("|")):
            found.setdefault(folded(name), row["state"])
    return found


@cache
def _zones() -> Mapping[str, str]:
    return {row["zone"]: row["state"] for row in _rows("zones.csv")}


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((files("grace.routing") / "data" / name).read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Case, accents and punctuation folded."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return _NOT_LETTERS.sub(" ", bare.casefold()).strip()
