"""Reading one referral: what its versions say, for a viewer of the unit that holds it."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Missing
from grace.referrals.models import Attachment, Person, Referral, Sighting, Version


@dataclass(frozen=True, slots=True)
class Told:
    """One version of a referral with all that it says, in the order of the document."""

    referral: Referral
    version: Version
    persons: list[Person]
    sightings: list[Sighting]
    attachments: list[Attachment]

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


def read(viewer: Viewer, referral_id: UUID, ordinal: int | None = None) -> Told:
    """One version (the newest by default) of a referral of the viewer's unit; at most 2,000 sightings."""
    referral = referral_of(viewer, referral_id)
    version = Version.objects.select_related("document").filter(referral=referral, ordinal=ordinal or referral.versions).first()
    if version is None:
        raise Missing(_("There is no such version."))
    return Told(
        referral,
        version,
        list(Person.objects.filter(version=version).order_by("ordinal")),
        list(Sighting.objects.select_related("identifier").filter(version=version).order_by("id")[:MOST_SIGHTINGS]),
        list(Attachment.objects.select_related("file").filter(version=version).order_by("ordinal")),
    )


def versions_of(viewer: Viewer, referral_id: UUID) -> list[Version]:
    """All versions of a referral of the viewer's unit, newest first."""
    referral = referral_of(viewer, referral_id)
    return list(Version.objects.select_related("document").filter(referral=referral).order_by("-ordinal"))


def canonical_of(version: Version) -> dict[str, Any]:
    """The canonical JSON of a version that the viewer was already given."""
    told: dict[str, Any] = json.loads(zlib.decompress(bytes(version.canonical)))
    return told


def differences(older: Version, newer: Version) -> list[tuple[str, str | None, str | None]]:
    """The leaves of the documents that differ: path, older value, newer value (None: not there)."""
    before, after = (_leaves(canonical_of(each)) for each in (older, newer))
    return [
        (path, before.get(path), after.get(path)) for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)
    ]


def _leaves(canonical: dict[str, Any]) -> dict[str, str]:
    return {leaf["path"]: leaf["value"] for leaf in canonical["leaves"]}
