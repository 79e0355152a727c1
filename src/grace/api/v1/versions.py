"""The versions of a referral: what each said and when we knew it, and where they contradict each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import AwareDatetime

from grace.api.tokens import viewer
from grace.api.v1.schemas import ContradictionOut, ContradictionPageOut, Limit, SideOut, VersionLineOut, VersionPageOut, VersionSaysOut
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import versions as pipeline
from grace.pipeline.versions import Against, VersionLine, Versions
from grace.referrals.models import Version
from grace.sdk.intake import Role

router = Router(tags=["referrals"])

_LONGEST_KEY = 18
_ROLES = frozenset(Role)


@router.get("/{uuid:referral}/versions", response=VersionPageOut, summary="The versions of a referral")
@declares(Kind.CONSULTATION)
def list_versions(
    request: HttpRequest, referral: UUID, at: AwareDatetime | None = None, after: str = "", limit: Limit = 50
) -> VersionPageOut:
    """All versions, the newest first, as we knew them ``at`` a moment; follow ``after`` to the next page. What each says: by its number."""
    before = _number(after) if after else None
    found = pipeline.some_versions(viewer(request), referral, at, before, limit + 1)
    items = [VersionLineOut(**_line(each)) for each in found[:limit]]
    return VersionPageOut(items=items, after=str(items[-1].ordinal) if len(found) > limit else "")


@router.get("/{uuid:referral}/versions/{int:ordinal}", response=VersionSaysOut, summary="One version, and what it says")
@declares(Kind.CONSULTATION)
def read_version(request: HttpRequest, referral: UUID, ordinal: int) -> VersionSaysOut:
    """One version by its number. What persons it names is told to the officer who took the referral."""
    found, says = pipeline.one_version(viewer(request), referral, ordinal)
    return VersionSaysOut(**_line(found), says=says)


@router.get("/{uuid:referral}/contradictions", response=ContradictionPageOut, summary="What the documents say differently")
@declares(Kind.CONSULTATION)
def list_contradictions(
    request: HttpRequest, referral: UUID, at: AwareDatetime | None = None, after: str = "", limit: Limit = 50
) -> ContradictionPageOut:
    """Each with both sources: those that stand (``at`` a moment, or now), then those that later documents settled."""
    found = pipeline.versions(viewer(request), referral, at)
    told = [(each, True) for each in found.standing] + [(each, False) for each in found.settled]
    first = _place(told, _number(after)) if after else 0
    items = [_contradiction(found, each, stands=stands) for each, stands in told[first : first + limit]]
    return ContradictionPageOut(items=items, after=str(items[-1].id) if first + limit < len(told) else "")


def stamp(version: Version) -> dict[str, Any]:
    """Which document a version is, and its times."""
    names = ("ordinal", "format", "known_at", "said_at", "replaced_at")
    return {"document": version.document_id, **{name: getattr(version, name) for name in names}}


def _line(each: VersionLine) -> dict[str, Any]:
    corrects = each.replaced.ordinal if each.replaced else None
    return {**stamp(each.version), "stands": each.stands, "corrects": corrects, "corrected": list(each.corrected)}


def _contradiction(found: Versions, each: Against, *, stands: bool) -> ContradictionOut:
    it, uncovered = each.it, found.uncovered
    return ContradictionOut(
        id=it.id,
        field=it.field,
        of=it.of if uncovered else [part for part in it.of[:1] if _is_person(part)],
        older=_side(it.older, it.older_says if uncovered else None),
        newer=_side(it.newer, it.newer_says if uncovered else None),
        since=each.since,
        until=it.until,
        stands=stands,
    )


def _side(version: Version, says: list[str | bool] | None) -> SideOut:
    return SideOut(
        version=version.ordinal,
        document=version.document_id,
        format=version.format,
        said_at=version.said_at,
        known_at=version.known_at,
        says=says,
    )


def _is_person(part: str) -> bool:
    """Whether this names nothing but a person by part and place, such as ``reported 1``."""
    role, _space, place = part.rpartition(" ")
    return role in _ROLES and place.isascii() and place.isdigit()


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) <= _LONGEST_KEY):
        raise Invalid("This page key was not made by this list.", remedy="Start again at the first page.")
    return int(key)


def _place(told: list[tuple[Against, bool]], last: int) -> int:
    """Where the page behind this contradiction begins."""
    place = next((number for number, (each, _stands) in enumerate(told, 1) if each.it.id == last), None)
    if place is None:
        raise Invalid("This page key was not made by this list.", remedy="Start again at the first page.")
    return place
