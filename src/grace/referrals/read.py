"""Reading one referral: what its versions say, for a viewer of the unit that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Missing
from grace.referrals import whole
from grace.referrals.models import Attachment, Person, Referral, Sighting, Version
from grace.referrals.reconcile import unpacked


@dataclass(frozen=True, slots=True)
class Told:
    """What a referral says: one version in the order of its document, or all versions that stand as one.

    ``standing`` are the versions that it was read from, the newest first; ``version`` is the one that stands for the
    referral where only one can: the newest that states a type of incident.
    """

    referral: Referral
    version: Version
    persons: list[Person]
    sightings: list[Sighting]
    attachments: list[Attachment]
    standing: list[Version]

    def sightings_of(self, person: Person) -> list[Sighting]:
        """The sightings that a person bears."""
        return [each for each in self.sightings if each.person_id == person.id]


MOST_SIGHTINGS = 2_000


def referral_of(viewer: Viewer, referral_id: UUID) -> Referral:
    """A referral of the viewer's unit. Raises ``Missing`` for any other, whether it exists or not."""
    viewer.require(Capability.READ)
    found = Referral.objects.select_related("sender", "unit").filter(id=referral_id, unit_id=viewer.unit_id).first()
    if found is None:
        raise Missing(_("There is no such referral."))
    return found


def of_unit(viewer: Viewer, referrals: Sequence[UUID]) -> list[UUID]:
    """Those of the referrals that are the viewer's unit's, in the order given."""
    if not referrals:
        return []
    viewer.require(Capability.READ)
    mine = set(Referral.objects.filter(id__in=list(referrals), unit_id=viewer.unit_id).values_list("id", flat=True))
    return [each for each in referrals if each in mine]


def read(viewer: Viewer, referral_id: UUID, ordinal: int | None = None, at: datetime | None = None) -> Told:
    """A referral of the viewer's unit, by all that stands; or one version alone; or what we knew ``at`` a moment.

    At most 2,000 sightings a version. Raises ``Missing`` where there is no such version, or nothing was known yet.
    """
    referral = referral_of(viewer, referral_id)
    versions = Version.objects.select_related("document").filter(referral=referral).order_by("-ordinal")
    if ordinal is not None:
        standing = list(versions.filter(ordinal=ordinal))
    elif at is not None:
        standing = list(versions.filter(Q(replaced_at__isnull=True) | Q(replaced_at__gt=at), known_at__lte=at))
    else:
        standing = list(versions.filter(replaced_at__isnull=True))
    if not standing:
        raise Missing(_("There is no such version."))
    leading = next((each for each in standing if each.incident_type), standing[0])
    return Told(referral, leading, *whole.of([_rows(each) for each in standing]), standing)


def _rows(version: Version) -> whole.Rows:
    return (
        list(Person.objects.filter(version=version).order_by("ordinal")),
        list(Sighting.objects.select_related("identifier").filter(version=version).order_by("id")[:MOST_SIGHTINGS]),
        list(Attachment.objects.select_related("file").filter(version=version).order_by("ordinal")),
    )


def canonical_of_all(told: Told) -> dict[str, Any]:
    """The canonical JSON of the leading version, with the texts of all that stands, each once."""
    first = canonical_of(told.version)
    if len(told.standing) == 1:
        return first
    seen = {_squashed(text["text"]) for place in _places(first) for text in place["passages"]}
    for version in told.standing:
        for place in _places(canonical_of(version)):
            for text in place["passages"]:
                if _squashed(text["text"]) not in seen:
                    seen.add(_squashed(text["text"]))
                    first["passages"].append(text)
    return first


def _places(canonical: dict[str, Any]) -> list[dict[str, Any]]:
    return [canonical, *canonical["persons"], *canonical["attachments"]]


def _squashed(text: str) -> str:
    return " ".join(text.split())


def versions_of(viewer: Viewer, referral_id: UUID) -> list[Version]:
    """All versions of a referral of the viewer's unit, newest first."""
    referral = referral_of(viewer, referral_id)
    return list(Version.objects.select_related("document").filter(referral=referral).order_by("-ordinal"))


def canonical_of(version: Version) -> dict[str, Any]:
    """The canonical JSON of a version that the viewer was already given."""
    return unpacked(version.canonical)


def differences(older: Version, newer: Version) -> list[tuple[str, str | None, str | None]]:
    """The leaves of the documents that differ: path, older value, newer value (None: not there)."""
    before, after = (_leaves(canonical_of(each)) for each in (older, newer))
    return [
        (path, before.get(path), after.get(path)) for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)
    ]


def _leaves(canonical: dict[str, Any]) -> dict[str, str]:
    return {leaf["path"]: leaf["value"] for leaf in canonical["leaves"]}
