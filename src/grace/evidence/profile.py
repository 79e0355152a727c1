"""The access profile: which conditions open a file, as versioned data. A profile can add to the least conditions, never drop one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from grace.kernel.errors import Invalid

IN_FORCE = "first-1"


class Condition(StrEnum):
    """What must hold for a file to be shown."""

    OFFICER = "officer"
    HELD_BY_UNIT = "held_by_unit"
    CAPABILITY = "capability"
    PURPOSE = "purpose"


LEAST = frozenset(Condition)


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of one profile; ``purposes`` is the closed list of reasons that open a file."""

    name: str
    version: int
    conditions: frozenset[Condition]
    purposes: frozenset[str]

    @property
    def code(self) -> str:
        """As the ledger names it."""
        return f"{self.name}-{self.version}"


@lru_cache(maxsize=4)
def in_force() -> Profile:
    """The profile that decides now. Raises :class:`Invalid` where it cannot be read: then nothing opens."""
    return read((files("grace.evidence") / "profiles" / f"{IN_FORCE}.json").read_text(encoding="utf-8"))


def read(text: str) -> Profile:
    """A profile from its JSON. Raises :class:`Invalid` for anything unknown, missing or weaker than the least."""
    try:
        found: Mapping[str, Any] = json.loads(text)
        profile = Profile(
            str(found["name"]),
            int(found["version"]),
            frozenset(map(Condition, found["conditions"])),
            frozenset(map(str, found["purposes"])),
        )
    except (ValueError, KeyError, TypeError):
        raise Invalid(
            "The access profile cannot be read.", remedy="Restore it from the package; until then every file stays covered."
        ) from None
    if not profile.conditions >= LEAST or set(found) - {"name", "version", "basis", "conditions", "purposes"}:
        raise Invalid("The access profile drops a condition or says something unknown.", remedy="Restore it from the package.")
    return profile
