"""Asking the lists about something that is not stored: digests, fingerprints, files. A consultation that keeps no value."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.evidence.decoding.port import VIDEO, Limits, NotDecoded
from grace.evidence.measure import Measured, measure
from grace.kernel.errors import Invalid
from grace.matching.digests import Digest
from grace.matching.look_up import Answer, Question
from grace.matching.recognise import recognise
from grace.matching.weigh import settle, weigh
from grace.pipeline.consult import consult, query_digest
from grace.sdk.analysis import Fingerprint

MOST_ITEMS = 10_000
MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What the lists say of a file's digests and fingerprint, and why there is no fingerprint, where there is none."""

    measured: Measured
    answers: tuple[Answer, ...]

    @property
    def not_decoded(self) -> NotDecoded | None:
        """Why there is no fingerprint."""
        return self.measured.found if isinstance(self.measured.found, NotDecoded) else None


def match(viewer: Viewer, questions: Sequence[Question]) -> list[Answer]:
    """One answer for each question, in order, of the lists that serve the viewer's unit; whoever runs the machine names none."""
    _limit(len(questions), MOST_ITEMS)
    asked = [(type(each).__name__, each.algorithm, each.value.hex(), getattr(each, "quality", None)) for each in questions]
    told = consult(
        viewer, "match.ask", lambda: _answers(viewer, questions), lambda _: (), query=query_digest(asked), items=str(len(questions))
    )
    return [settle([each])[0] for each in told]


def match_files(viewer: Viewer, streams: Sequence[BinaryIO], *, seconds: float = VIDEO.seconds) -> list[FileAnswer]:
    """Hash files, in the decoding process where they are pictures or videos, and ask the lists. Nothing of them is kept.

    All videos together are looked into for at most so many seconds: the rest of one is not checked, and what comes later has one second.
    """
    _limit(len(streams), MOST_FILES)
    _require(viewer)  # before anything is decoded
    until = time.monotonic() + seconds
    measured = [measure(each, _limits(until)) for each in streams]
    asked = [_questions(each) for each in measured]
    told = consult(
        viewer,
        "match.ask_files",
        lambda: _answers(viewer, [question for some in asked for question in some]),
        lambda _: (),
        query=query_digest([each.digests.sha256.hex() for each in measured]),
        items=str(len(measured)),
    )
    answers = iter(told)
    return [FileAnswer(each, tuple(settle([next(answers) for _ in some]))) for each, some in zip(measured, asked, strict=True)]


def _limits(until: float) -> Limits:
    left = max(1.0, until - time.monotonic())
    return replace(VIDEO, seconds=left, cpu_seconds=math.ceil(min(left, VIDEO.cpu_seconds)))


def _answers(viewer: Viewer, questions: Sequence[Question]) -> list[Answer]:
    _require(viewer)
    exact = [each for each in questions if isinstance(each, Digest)]
    near = [each for each in questions if isinstance(each, Fingerprint)]
    unit_id = _unit(viewer)
    answers = {each.asked: each for each in weigh(recognise(exact, near, unit_id=unit_id), unit_id)}
    return [answers[each] for each in questions]


def _questions(measured: Measured) -> list[Question]:
    found = measured.digests
    digests: list[Question] = [Digest("sha256", found.sha256), Digest("sha1", found.sha1), Digest("md5", found.md5)]
    return digests if isinstance(measured.found, NotDecoded) else [*digests, measured.found.fingerprint]


def _require(viewer: Viewer) -> None:
    if viewer.via != "operator":
        viewer.require(Capability.MATCH)


def _unit(viewer: Viewer) -> UUID | None:
    return viewer.unit_id if viewer.unit_id.int else None


def _limit(number: int, most: int) -> None:
    if number > most:
        raise Invalid(_("One request asks about %(most)d at most.") % {"most": most}, remedy=_("Ask in several."))
