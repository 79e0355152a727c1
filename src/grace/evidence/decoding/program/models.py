"""Graphs of models in this program: what computes them is loaded before the doors close; each worker is handed the graphs that it needs.

A graph is loaded behind the walls, by the worker that computes it: a hostile one gets no further than a hostile file.
"""

from __future__ import annotations

import hashlib
import time
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from grace.evidence.decoding.port import Limits, Reason
from grace.evidence.decoding.program.analysers import Handed, passages, subject_of
from grace.evidence.decoding.program.attempt import attempt, reason_of
from grace.evidence.decoding.program.pictures import Shown, make_small_picture
from grace.sdk.analysis import AnalyserInfo, Cost, Subject, Takes
from grace.sdk.models import INPUTS, Graph, ModelInput, Runtime
from grace.sdk.shape import OneOf, read

GROUP = "grace.runtimes"
_MOST_SIDE = 512
_runtimes: list[Runtime] = []
_graphs: dict[str, tuple[Graph, Takes]] = {}


def warm_up() -> None:
    """Load the runtime that is installed; where there is none, no model is computed."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found, _ = attempt(partial(_ready, point))
        if found is not None:
            _runtimes.append(found)


def runtime() -> str:
    """What computes graphs, with its version; empty where there is nothing."""
    return _runtimes[0].name if _runtimes else ""


def load(content: bytes, digest: str, made: dict[str, Any], outputs: int) -> None:
    """Keep a graph ready. Raises whatever the runtime raises, and ``ValueError`` where the bytes are not those of the digest."""
    if hashlib.sha256(content).hexdigest() != digest or not _runtimes:
        raise ValueError("other bytes, or no runtime")
    described: ModelInput = read(OneOf(INPUTS), made)
    _graphs[digest] = _runtimes[0].load(content, described, outputs), described.takes


def compute(content: bytes, digests: list[str], limits: Limits) -> list[dict[str, object]]:
    """What each graph makes of the file, or why nothing."""
    return _told(digests, content, limits, {})


def compute_texts(content: bytes, digests: list[str], limits: Limits) -> list[list[dict[str, object]]]:
    """What each graph makes of each passage; ``content`` is as :func:`~grace.evidence.decoding.program.analysers.passages` reads it."""
    return [_told(digests, b"", limits, {Takes.TEXT: each}) for each in passages(content, limits)]


def _told(digests: list[str], content: bytes, limits: Limits, subjects: dict[Takes, Subject | Reason]) -> list[dict[str, object]]:
    told = []
    for digest in digests:
        begun = time.process_time_ns()
        one = _computed(digest, content, limits, subjects)
        told.append(one | {"milliseconds": (time.process_time_ns() - begun) // 1_000_000})
    return told


def _computed(digest: str, content: bytes, limits: Limits, subjects: dict[Takes, Subject | Reason]) -> dict[str, object]:
    if digest not in _graphs:
        return {"failed": Reason.ANALYSER.name}
    graph, takes = _graphs[digest]
    if takes not in subjects:
        subjects[takes] = _subject(takes, content, limits)
    subject = subjects[takes]
    if isinstance(subject, Reason):
        return {"failed": subject.name}
    made, failure = attempt(lambda: graph.compute(subject))
    return {"outputs": list(made.outputs), "tensor": made.tensor} if made else {"failed": reason_of(failure, Reason.ANALYSER).name}


def _subject(takes: Takes, content: bytes, limits: Limits) -> Subject | Reason:
    """What is handed to every graph that takes this: small pictures, whole texts. Their answers are kept to be had again, so these never change."""
    if takes is Takes.PICTURE:
        picture, failure = attempt(lambda: make_small_picture(content, _MOST_SIDE, limits))
        return picture or reason_of(failure)
    info = AnalyserInfo("model", "", Cost.NORMAL, "", takes, {})
    return subject_of(info, Handed(content, "", limits, Shown(content, limits)))


def _ready(point: EntryPoint) -> Runtime:
    found: Runtime = point.load()
    found.warm_up()
    return found
