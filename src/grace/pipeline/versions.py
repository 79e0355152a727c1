"""The versions of a referral: what was said when, what we knew when, where they differ and where they contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.casework.decide import may_uncover, row_of
from grace.casework.models import QueueRow
from grace.kernel.errors import Missing
from grace.pipeline.consult import consult
from grace.referrals import contradictions
from grace.referrals import read as referrals
from grace.referrals.contradictions import FieldLine
from grace.referrals.models import Contradiction, Version


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version, whether it stands (at the moment asked for), and the fields in which it corrects the one that it replaced."""

    version: Version
    stands: bool
    replaced: Version | None
    corrected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """A contradiction and since when it is known: a newer document that repeats it makes it no newer."""

    it: Contradiction
    since: datetime


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions that were known at a moment, the newest first; the contradictions that stood then, and those settled by then."""

    row: QueueRow
    uncovered: bool
    lines: list[VersionLine]
    standing: list[Against]
    settled: list[Against]
    at: datetime | None


def versions(viewer: Viewer, referral_id: UUID, at: datetime | None = None) -> Versions:
    """The versions of a referral as we knew them ``at`` a moment, or as we know them now."""

    def read() -> Versions:
        row = row_of(viewer, referral_id)
        known = _known(viewer, referral_id, at)
        found = contradictions.of(viewer, referral_id, at)
        standing = [each for each in found if each.until is None or (at is not None and each.until > at)]
        repeated = {_said(each) for each in standing}
        return Versions(
            row,
            may_uncover(viewer, row),
            [_line(each, known, at) for each in known],
            [Against(each, min(one.since for one in found if _said(one) == _said(each))) for each in standing],
            [Against(each, each.since) for each in found if _said(each) not in repeated],
            at,
        )

    return consult(viewer, "referral.versions", read, lambda _: [f"referral:{referral_id}"])


def some_versions(viewer: Viewer, referral_id: UUID, at: datetime | None, before: int | None, most: int) -> list[VersionLine]:
    """At most so many versions as we knew them ``at`` a moment (None: now), the newest first, older than number ``before``."""

    def read() -> list[VersionLine]:
        known = _known(viewer, referral_id, at)
        asked = [each for each in known if before is None or each.ordinal < before]
        return [_line(each, known, at) for each in asked[:most]]

    return consult(viewer, "referral.versions", read, lambda _: [f"referral:{referral_id}"])


def one_version(viewer: Viewer, referral_id: UUID, ordinal: int) -> tuple[VersionLine, dict[str, Any] | None]:
    """One version and what it says: its canonical JSON, None unless the viewer has taken the referral."""

    def read() -> tuple[VersionLine, dict[str, Any] | None]:
        row = row_of(viewer, referral_id)
        known = _known(viewer, referral_id, None)
        found = next((each for each in known if each.ordinal == ordinal), None)
        if found is None:
            raise Missing(_("There is no such version."))
        return _line(found, known, None), referrals.canonical_of(found) if may_uncover(viewer, row) else None

    return consult(viewer, "referral.read", read, lambda _: [f"referral:{referral_id}"], version=str(ordinal))


def _known(viewer: Viewer, referral_id: UUID, at: datetime | None) -> list[Version]:
    return [each for each in referrals.versions_of(viewer, referral_id) if at is None or each.known_at <= at]


def _said(each: Contradiction) -> tuple[object, ...]:
    """What is said against what, whichever documents say it."""
    sides = sorted(((each.older.format, each.older_says), (each.newer.format, each.newer_says)), key=str)
    return each.field, str(each.of), str(sides)


def _line(version: Version, known: list[Version], at: datetime | None) -> VersionLine:
    stands = version.replaced_at is None or (at is not None and version.replaced_at > at)
    replaced = next((each for each in known if each.ordinal < version.ordinal and each.format == version.format), None)
    corrected: tuple[str, ...] = ()
    if replaced is not None:
        lines = contradictions.side_by_side(replaced, version)
        corrected = tuple(dict.fromkeys(each.field for each in lines if each.one != each.other))
    return VersionLine(version, stands, replaced, corrected)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side: ``fields`` by what they say, ``leaves`` value by value where both are of one format.

    While the referral is covered no value is told: ``fields`` have empty ones, ``leaves`` an empty text.
    """

    row: QueueRow
    older: Version
    newer: Version
    uncovered: bool
    fields: list[FieldLine]
    leaves: list[tuple[str, str | None, str | None]] | None


def compare(viewer: Viewer, referral_id: UUID, older: int, newer: int) -> Comparison:
    """Two versions of a referral side by side."""

    def read() -> Comparison:
        row = row_of(viewer, referral_id)
        first, second = (referrals.read(viewer, referral_id, ordinal).version for ordinal in (older, newer))
        uncovered = may_uncover(viewer, row)
        found = referrals.differences(first, second) if first.format == second.format else None
        if found is not None and not uncovered:
            found = [(path, _mark(before), _mark(after)) for path, before, after in found]
        return Comparison(row, first, second, uncovered, contradictions.side_by_side(first, second), found)

    return consult(viewer, "referral.compare", read, lambda _: [f"referral:{referral_id}"])


def _mark(value: str | None) -> str | None:
    return None if value is None else ""
