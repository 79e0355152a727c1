"""Files of the viewer's unit that have a digest, or look like a fingerprint, and the referrals that name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from grace.accounts.viewer import Viewer
from grace.evidence import files, holdings
from grace.evidence.models import Holding
from grace.matching import holdings as looks
from grace.matching.digests import PDQ
from grace.referrals import naming
from grace.referrals.find import Way

MOST_FILES = 50

_NAMING = "SELECT referral_id FROM UNNEST(%s::uuid[]) AS told (referral_id)"
_MORE = " UNION ALL SELECT NULL"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that the unit holds; ``distance`` in bits from what was asked for, None where its digest was."""

    holding: Holding
    distance: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """The files, the nearest first, and how referrals that name them are found; ``not_checked`` says why looks were not compared."""

    found: Sequence[FoundFile] = ()
    ways: Sequence[Way] = ()
    not_checked: str = ""


def find(viewer: Viewer, digests: Sequence[tuple[str, bytes]]) -> Found:
    """What is held under these digests, and what looks like these fingerprints."""
    if not digests:
        return Found()
    exact = {name: [value] for name, value in digests if name != PDQ}
    apart: dict[UUID, int | None] = {}
    not_checked = ""
    for name, value in digests:
        if name == PDQ:
            alike = looks.alike_to(viewer, value)
            not_checked = alike.why or ""
            apart |= {each.file_id: each.distance for each in alike.files}
    same = holdings.which(viewer, list(files.with_digests(exact))) if exact else []
    apart |= dict.fromkeys(same)
    held = holdings.among(viewer, list(apart), len(apart))
    found = sorted((FoundFile(each, apart[each.file_id]) for each in held), key=lambda each: (each.distance or 0, each.holding.id))
    pictures = [file for file, distance in apart.items() if distance is not None]
    ways = [
        _way(viewer, "digest", same, exact),
        _way(viewer, "picture", pictures, {name: [value] for name, value in digests if name == PDQ}),
    ]
    return Found(found[:MOST_FILES], [way for way in ways if way], not_checked)


def _way(viewer: Viewer, name: str, held: Sequence[UUID], digests: dict[str, list[bytes]]) -> Way | None:
    if not held and not digests:
        return None
    found = naming.naming_any(viewer, held, digests, most=naming.MOST_COUNTED + 1)
    told = "{" + ",".join(str(each.referral_id) for each in found[: naming.MOST_COUNTED]) + "}"
    return Way(name, _NAMING + _MORE if len(found) > naming.MOST_COUNTED else _NAMING, [told])
