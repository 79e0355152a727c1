"""Formats are found by entry point, checked when loaded and named in the log; a bad one hurts only itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar, cast

from grace.intake.envelopes import enveloped
from grace.intake.packages import Opened
from grace.intake.storable import storable_reading
from grace.sdk.fields import FIELDS
from grace.sdk.intake import IntakeFormat, Package, Reading, Unreadable

GROUP = "grace.intake"
HALF_SURE = 0.5

T = TypeVar("T")

_log = logging.getLogger(__name__)


@cache
def formats() -> tuple[IntakeFormat, ...]:
    """The formats installed beside this one, sorted by name; loaded once per process."""
    found = (_load(point) for point in sorted(entry_points(group=GROUP), key=lambda point: point.name))
    return tuple(plug_in for plug_in in found if plug_in is not None)


def choose(package: Package, among: Sequence[IntakeFormat] | None = None) -> IntakeFormat:
    """The format that is surest of the package; once one is certain no other is asked. Raises :class:`Unreadable` where none knows it.

    A format that is less than :data:`HALF_SURE` reads what nobody knows better: it gives way where another found the
    package locked, so that the report inside is read once its password is known.
    """
    refusals: list[Unreadable] = []
    best: tuple[float, IntakeFormat | None] = (0.0, None)
    for plug_in in formats() if among is None else among:
        sureness = _sureness(plug_in, package, refusals)
        best = max(best, (sureness, plug_in), key=lambda pair: pair[0])
        if sureness == 1:
            break
    sureness, chosen = best
    locked = [refusal for refusal in refusals if refusal.code == "encrypted"]
    if chosen is None or (locked and sureness < HALF_SURE):
        raise next(iter(locked or refusals), Unreadable(*_why_unrecognised(package)))
    return chosen


def read(package: Package, among: Sequence[IntakeFormat] | None = None) -> tuple[Reading, ...]:
    """All reports of the package. Raises :class:`Unreadable` and nothing else, whatever a plug-in does."""
    plug_in = choose(package, among)
    readings, error = _attempt(lambda: _checked(plug_in, package))
    if readings is not None:
        return readings
    if isinstance(error, Unreadable):
        raise error
    _log.error("intake format %s %s failed: %s", plug_in.name, plug_in.version, type(error).__name__)
    message = f"The format {plug_in.name} {plug_in.version} failed ({type(error).__name__}); this is a fault of the format."
    raise Unreadable("format-failed", message) from error


def _attempt(deed: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """What the plug-in gives, or the error it raises: a plug-in is somebody else's code, so any error is caught."""
    try:
        return deed(), None
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything and must hurt only itself
        return None, error


def _checked(plug_in: IntakeFormat, package: Package) -> tuple[Reading, ...]:
    """What the plug-in reads, made storable, with the notes of the package."""
    readings = plug_in.read(package)
    if not isinstance(readings, tuple) or not readings or not all(isinstance(reading, Reading) for reading in readings):
        raise TypeError("read must return a tuple of at least one Reading")
    if isinstance(package, Opened):
        readings = tuple(_with_package(reading, package) for reading in readings)
    return tuple(storable_reading(reading) for reading in readings)


def _with_package(reading: Reading, package: Opened) -> Reading:
    """The reading with the notes of the package, and with what the mail says that the report was attached to."""
    envelope = package.envelope
    if envelope is not None and envelope.member not in reading.documents:
        reading = enveloped(reading, envelope)
    report = reading.report
    return replace(reading, report=replace(report, notes=(*report.notes, *package.notes))) if package.notes else reading


def _sureness(plug_in: IntakeFormat, package: Package, refusals: list[Unreadable]) -> float:
    """How sure the format is, 0 where it fails; a refusal (the bytes cannot be read at all) is kept as the reason."""
    sureness, error = _attempt(lambda: float(plug_in.recognises(package)))
    if isinstance(error, Unreadable):
        refusals.append(error)
    elif error is not None:
        _log.error("intake format %s %s failed to look at a package: %s", plug_in.name, plug_in.version, type(error).__name__)
    return sureness if sureness is not None and 0 <= sureness <= 1 else 0.0


def _load(point: EntryPoint) -> IntakeFormat | None:
    loaded, error = _attempt(point.load)
    fault = _fault(loaded) if error is None else type(error).__name__
    if fault is not None:
        _log.error("intake format %s (%s) is left out: %s", point.name, point.value, fault)
        return None
    plug_in = cast("IntakeFormat", loaded)
    _log.info("intake format %s %s loaded from %s", plug_in.name, plug_in.version, point.value)
    return plug_in


def _fault(plug_in: object) -> str | None:
    """What keeps the object from being a format."""
    for name in ("name", "version"):
        if not isinstance(getattr(plug_in, name, None), str) or not getattr(plug_in, name):
            return f"{name} is not a text"
    carries = getattr(plug_in, "carries", None)
    if not isinstance(carries, frozenset) or not carries <= FIELDS.keys():
        return "carries is not a set of the fields that grace.sdk.fields names"
    return next((f"{verb} is missing" for verb in ("recognises", "read", "examples") if not callable(getattr(plug_in, verb, None))), None)


def _why_unrecognised(package: Package) -> tuple[str, str]:
    """Code and message for a package that no format knows."""
    if isinstance(package, Opened) and any(note.code == "encrypted-member" for note in package.notes):
        return "encrypted", "The package is encrypted; ask the sender for the password or an open copy."
    if package and all(name.lower().endswith(".zip") for name in package):
        return "nested", "The package holds ZIPs only; they are not opened inside one another. Hand them in singly."
    return "unrecognised", "No installed format recognises this document."
