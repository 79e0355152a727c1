"""From likelihoods to spans, by the rules that Silero's own example uses: begin high, end low, no scraps, a little room around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BEGINS, ENDS = 0.5, 0.35
LEAST_SPEECH, LEAST_SILENCE, ROOM = 250, 100, 30
"""Milliseconds: shorter speech is none, shorter silence is part of the speech, and so much is added on either side."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to ``end`` in milliseconds, and the mean likelihood between."""

    start: int
    end: int
    sureness: float


def spans(likelihoods: Sequence[float], window: int, length: int) -> tuple[Span, ...]:
    """The spans of speech in order, none touching another; ``window`` milliseconds for each likelihood, ``length`` in all."""
    found: list[Span] = []
    for first, last in _runs(likelihoods, -(-LEAST_SILENCE // window)):
        if (last - first) * window < LEAST_SPEECH:
            continue
        sureness = sum(likelihoods[first:last]) / (last - first)
        start, end = max(0, first * window - ROOM), min(length, last * window + ROOM)
        if found and start <= found[-1].end:
            start = found[-1].end + 1
        if start < end:
            found.append(Span(start, end, sureness))
    return tuple(found)


def _runs(likelihoods: Sequence[float], patience: int) -> list[tuple[int, int]]:
    """First and last (exclusive) window of each run; it ends when so many windows in a row were low."""
    found: list[tuple[int, int]] = []
    first, low = -1, -1
    for at, likely in enumerate(likelihoods):
        if likely >= BEGINS:
            first, low = (at if first < 0 else first), -1
        elif first >= 0 and likely < ENDS:
            low = at if low < 0 else low
            if at - low + 1 >= patience:
                found.append((first, low))
                first = low = -1
        # Between the two thresholds nothing begins and nothing ends.
    if first >= 0:
        found.append((first, len(likelihoods) if low < 0 else low))
    return found
