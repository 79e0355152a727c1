"""The whole set, and the real files of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

from tests.support.file_kinds.archives import archives
from tests.support.file_kinds.films import films
from tests.support.file_kinds.pictures import pictures
from tests.support.file_kinds.sample import Sample, sample
from tests.support.file_kinds.spoiled import cut_short, polyglots, with_something_behind
from tests.support.file_kinds.texts import texts

SHARED = Path(os.environ.get("SHARED_FOLDER", Path(__file__).parents[3].parent / "shared")) / "data"
_BY_ENDING = {
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "png": ("image/png",),
    "mp4": ("video/mp4",),
    "zip": ("application/zip",),
    "csv": ("text/csv",),
    "txt": ("text/plain", "text/csv"),
    "md": ("text/plain", "text/markdown"),
    "json": ("application/json",),
}
_MOST = 20 << 20


@cache
def whole() -> list[Sample]:
    """Every whole file that this machine can make."""
    return list(chain(pictures(), films(), archives(), texts()))


def real(folder: Path = SHARED) -> Iterator[Sample]:
    """The files of a folder, read in place, with the truth that their names tell; none where the folder is missing."""
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        types = _BY_ENDING.get(path.suffix[1:])
        if types and path.is_file() and path.stat().st_size < _MOST:
            yield sample(f"real {path.name}", path.read_bytes(), *types)


def everything() -> list[Sample]:
    """Whole ones, real ones, and what was made of the whole ones."""
    made = whole()
    return [*made, *real(), *with_something_behind(made), *polyglots(made), *cut_short(made)]
