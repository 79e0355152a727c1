"""When a file is dense: the times in which at least so many reports fell within one window. Pure, in whole seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]
"""From the first to the last of some reports, both included."""


def dense(times: Iterable[int], threshold: int, window: int) -> list[Span]:
    """The spans in which ``threshold`` (at least 1) of the times lie within ``window`` seconds; apart and in order.

    What comes out depends on the set of times only, never on the order in which they became known.
    """
    ordered = sorted(times)
    last = threshold - 1
    pairs = zip(ordered, ordered[last:], strict=False)
    return merged((first, end) for first, end in pairs if end - first <= window)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times in as few spans as can be, in order."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def covers(spans: Sequence[Span], time: int) -> bool:
    """Whether a time lies in one of the spans."""
    return any(first <= time <= last for first, last in spans)


def probes(spans: Sequence[Span], times: Sequence[int]) -> Iterator[Span]:
    """Where new times may have made something dense: (first, last) of those that no span covers or parts, and the edges of spans.

    A new time inside of a span can only make dense what lies just outside of it. Around each probe as many neighbours as
    the threshold less one, on both sides, are enough to know.
    """
    for span in spans:
        if any(span[0] <= time <= span[1] for time in times):
            yield span[0], span[0]
            yield span[1], span[1]
    yield from _runs(spans, times)


def _runs(spans: Sequence[Span], times: Iterable[int]) -> Iterator[Span]:
    run: list[int] = []
    ends = [last for _, last in spans]
    for time in sorted(time for time in times if not covers(spans, time)):
        if run and any(run[-1] < end < time for end in ends):
            yield run[0], run[-1]
            run = []
        run.append(time)
    if run:
        yield run[0], run[-1]
