"""What a unit may know of a file that it holds, short of its picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence.models import Examination, File, Fingerprint, Holding
from grace.kernel.errors import Missing


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of the viewer's unit: since when and why it is held, whether it was decoded, and its fingerprints."""

    file: File
    holding: Holding
    examination: Examination | None
    fingerprints: list[Fingerprint]


def among(viewer: Viewer, files: Sequence[UUID], most: int, behind: UUID | None = None) -> list[Holding]:
    """What the viewer's unit holds of these files, the newest first, each with its file; behind the holding of this id."""
    viewer.require(Capability.READ)
    found = Holding.objects.select_related("file").filter(file_id__in=list(files), unit_id=viewer.unit_id)
    return list((found.filter(id__lt=behind) if behind else found).order_by("-id")[:most])


def which(viewer: Viewer, files: Sequence[UUID]) -> list[UUID]:
    """Those of these files that the viewer's unit holds."""
    viewer.require(Capability.READ)
    return list(Holding.objects.filter(file_id__in=list(files), unit_id=viewer.unit_id).values_list("file_id", flat=True))


def of_unit(unit_id: UUID, files: Collection[UUID]) -> list[UUID]:
    """Those of these files that a unit holds: for programs, never for a viewer."""
    return list(Holding.objects.filter(file_id__in=files, unit_id=unit_id).values_list("file_id", flat=True)) if files else []


def held(viewer: Viewer, file_id: UUID) -> HeldFile:
    """A file that the viewer's unit holds. Raises ``Missing`` for any other, whether it exists or not."""
    viewer.require(Capability.READ)
    holding = Holding.objects.select_related("file").filter(file_id=file_id, unit_id=viewer.unit_id).first()
    if holding is None:
        raise Missing(_("There is no such file."))
    examination = Examination.objects.filter(file_id=file_id).first()
    return HeldFile(holding.file, holding, examination, list(Fingerprint.objects.filter(file_id=file_id).order_by("algorithm")))
