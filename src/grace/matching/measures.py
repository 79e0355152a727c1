"""How much the lists are asked, and how long that takes, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram

SECONDS = Histogram(
    "grace_look_up_seconds",
    "Seconds of one look-up in the lists, of however many questions.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
QUESTIONS = Counter("grace_look_up_questions", "Digests and fingerprints that the lists were asked about.")


@contextmanager
def timed(questions: int) -> Iterator[None]:
    """Count a look-up of so many questions, and how long it takes."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        SECONDS.observe(time.perf_counter() - begun)
        QUESTIONS.inc(questions)
