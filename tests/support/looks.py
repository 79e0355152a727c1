"""An analyser that sees scenes in bytes: files of the same scene are near-duplicates, of another they are strangers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zlib import crc32

import numpy as np

from grace.accounts.models import Unit
from grace.analysis.analysers.embedding import ALGORITHM
from grace.analysis.analysers.embedding.look import EVEN, LENGTH, ODD
from grace.analysis.clusters.looks import SIZE
from grace.evidence import files
from grace.evidence.files import Keep
from grace.pipeline.analyse import analyse_now
from grace.sdk.analysis import Fingerprint, Seen
from tests.support.analysers import info, saying

GIVES = {ALGORITHM: "the look"}


def look(content: bytes, _media_type: str = "") -> Seen:
    """The look of ``b"scene copy"``: near that of every other copy of the scene."""
    scene, _, copy = content.partition(b" ")
    numbers = _drawn(scene) + 0.1 * _drawn(copy)
    scaled = np.rint(numbers * (LENGTH / np.linalg.norm(numbers))).clip(-127, 127).astype(np.int8)
    return (Fingerprint(ALGORITHM, scaled.tobytes().ljust(SIZE, b"\0"), 100),)


def _drawn(name: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(crc32(name)).normal(size=EVEN + ODD)


def keep(unit: Unit, *contents: bytes) -> list[UUID]:
    """Files of a unit."""
    return [each.id for each in files.keep_many([Keep(unit.id, content, "received") for content in contents])]


def see(some: Sequence[UUID]) -> None:
    """Show files to that analyser, in place of all others."""
    with saying((info("embedding", gives=GIVES), look)):
        analyse_now(some)


def kept(unit: Unit, *contents: bytes) -> list[UUID]:
    """Files of a unit that were looked at."""
    some = keep(unit, *contents)
    see(some)
    return some
