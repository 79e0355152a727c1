"""Read what analysers saw."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from grace.analysis.models import Run, Seen
from grace.analysis.register import infer, keep

MOST_SHOTS = 20
_SPAN = re.compile(r"span:(\d{1,10}),\d{1,10}")


@dataclass(frozen=True, slots=True)
class Said:
    """What one analyser said of a file."""

    analyser: str
    version: str
    model_digest: str
    at: datetime
    failed: str
    seen: tuple[Seen, ...]


def of_file(file_id: UUID) -> list[Said]:
    """What each analyser said of a file, by name, findings in the order in which they were said. Of models only what counts now."""
    runs = Run.objects.filter(counts("")).filter(file_id=file_id).order_by("analyser").prefetch_related("seen")
    return [
        Said(run.analyser, run.version, run.model_digest, run.at, run.failed, tuple(sorted(run.seen.all(), key=lambda each: each.place)))
        for run in runs
    ]


def shots_of(file_id: UUID) -> list[int]:
    """The milliseconds in which the shots of a video begin, as far as they were told; at most :data:`MOST_SHOTS`, evenly."""
    rows = Seen.objects.filter(run__file_id=file_id, kind="video.shot").order_by("place").values_list("located", flat=True)
    starts = [int(found[1]) for found in map(_SPAN.fullmatch, rows) if found]
    count = min(len(starts), MOST_SHOTS)
    return [starts[number * len(starts) // count] for number in range(count)]


def kinds_of(files: Iterable[UUID]) -> Mapping[UUID, Counter[str]]:
    """How many findings of each kind there are of each file; files without any are left out, and findings of models that do not count now."""
    counted: dict[UUID, Counter[str]] = {}
    files = list(files)
    if not files:
        return counted
    rows = (
        Seen.objects.filter(counts("run__")).filter(run__file_id__in=files).values_list("run__file_id", "kind").annotate(number=Count("id"))
    )
    for file_id, kind, number in rows:
        counted.setdefault(file_id, Counter())[kind] = number
    return counted


def counts(path: str) -> Q:
    """As a condition on runs at this path: of analysers all that they said; of models what those said that are promoted, or were until a later version took their place."""
    models = Q(**{f"{path}analyser__startswith": infer.SEEN}) | Q(**{f"{path}analyser__startswith": infer.UNSEEN})
    return ~models | Q(**{f"{path}analyser__startswith": infer.SEEN, f"{path}model_digest__in": sorted(keep.counting())})


def lengths_of(files: Iterable[UUID]) -> Mapping[UUID, int]:
    """How long the videos and sounds among these files are, in milliseconds, as their containers say; the longest where they say several."""
    rows = Seen.objects.filter(run__file_id__in=list(files), kind="duration", value__regex=r"^[0-9]{1,12}$")
    found: dict[UUID, int] = {}
    for file_id, value in rows.values_list("run__file_id", "value"):
        found[file_id] = max(found.get(file_id, 0), int(value))
    return found
