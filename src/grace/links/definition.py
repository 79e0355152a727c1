"""What a unit calls viral, a duplicate and a bundle: plain data, in numbered versions, the newest in force."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid
from grace.links.models import Definition

MOST_NOTE = 500
BOUNDS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "viral": {"threshold": (3, 10_000), "window_days": (1, 3_650)},
    "duplicate": {"window_days": (1, 3_650), "overlap": (0.5, 1), "least_shared": (2, 100)},
    "bundle": {"window_days": (1, 3_650)},
}
"""Part by part, the numbers of a body and between what they must lie."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A checked body. A file is viral where ``threshold`` referrals name it within ``viral_window``.

    Two referrals reported within ``duplicate_window`` are near-duplicates where of all their identifiers and files the
    share ``overlap`` (0.5 to 1) and at least ``least_shared`` are common to both.
    """

    id: UUID
    number: int
    threshold: int
    viral_window: timedelta
    duplicate_window: timedelta
    overlap: float
    least_shared: int
    bundle_window: timedelta


@cache
def _base() -> str:
    return files("grace.links").joinpath("base_definition.json").read_text(encoding="utf-8")


def base_body() -> dict[str, Any]:
    """A fresh copy of the body that every unit starts with."""
    body: dict[str, Any] = json.loads(_base())
    return body


def read_body(body: object, key: UUID, number: int) -> InForce:
    """Check a body and make it runnable; raises :class:`Invalid` with all faults, one a line."""
    found = list(_faults(body))
    if found or not isinstance(body, dict):
        raise Invalid("\n".join(found), remedy=_("Mend these places and try again; nothing was changed."))
    viral, duplicate = body["viral"], body["duplicate"]
    return InForce(
        key,
        number,
        viral["threshold"],
        timedelta(days=viral["window_days"]),
        timedelta(days=duplicate["window_days"]),
        float(duplicate["overlap"]),
        duplicate["least_shared"],
        timedelta(days=body["bundle"]["window_days"]),
    )


def in_force(unit_id: UUID, now: datetime) -> InForce:
    """The newest definition of a unit; a unit without any starts with the base one."""
    found = newest(unit_id, now)
    return read_body(found.body, found.id, found.number)


def newest(unit_id: UUID, now: datetime) -> Definition:
    """The row of the newest definition, made of the base one where there is none."""
    found = Definition.objects.filter(unit_id=unit_id).order_by("-number").first()
    if found is None:
        base = {"body": base_body(), "note": "base definition", "edited_by": "system:base", "edited_at": now}
        found, _made = Definition.objects.get_or_create(unit_id=unit_id, number=1, defaults=base)
    return found


def edit(viewer: Viewer, body: object, note: str, now: datetime, *, seen: int) -> Definition:
    """Put a new version in force for the viewer's unit, upon version ``seen``; referrals that come from now on follow it.

    Raises ``Refused``, ``Invalid`` with all faults, ``Conflict`` where another version is in force by now.
    """
    viewer.require(Capability.PUBLISH_RULES)
    present = newest(viewer.unit_id, now)
    read_body(body, present.id, present.number)
    if not note.strip() or len(note) > MOST_NOTE or "\0" in note:
        raise Invalid(_("A new definition needs a note of at most %(most)d characters.") % {"most": MOST_NOTE}, remedy=_("Say why."))
    if present.number != seen:
        raise Conflict(_("Another definition came into force meanwhile."), remedy=_("Read it, and edit that one."))
    made, is_new = Definition.objects.get_or_create(
        unit_id=viewer.unit_id,
        number=seen + 1,
        defaults={"body": body, "note": note.strip(), "edited_by": viewer.actor, "edited_at": now},
    )
    if not is_new:
        raise Conflict(_("Another definition came into force meanwhile."), remedy=_("Read it, and edit that one."))
    return made


def versions(viewer: Viewer, now: datetime) -> list[Definition]:
    """All versions of the viewer's unit, newest first."""
    viewer.require(Capability.READ)
    newest(viewer.unit_id, now)
    return list(Definition.objects.filter(unit_id=viewer.unit_id).order_by("-number"))


def _faults(body: object) -> Iterator[str]:
    if not isinstance(body, dict) or set(body) != {"format", *BOUNDS} or body["format"] != 1:
        yield "definition: must hold exactly format (1), viral, duplicate, bundle"
        return
    for part, numbers in BOUNDS.items():
        if not isinstance(body[part], dict) or set(body[part]) != set(numbers):
            yield f"{part}: must hold exactly {', '.join(numbers)}"
            continue
        for name, (low, high) in numbers.items():
            value, kind = body[part][name], float if name == "overlap" else int
            right = isinstance(value, int | kind) and not isinstance(value, bool) and low <= value <= high
            if not right:
                yield f"{part}.{name}: a {'' if kind is float else 'whole '}number from {low} to {high}"
