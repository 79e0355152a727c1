"""Whatever a file was crafted to do, it gets a verdict in time, and the next file is decoded as if nothing had been."""

from __future__ import annotations

import io
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Pages, Preview, Printed, Reason
from grace.evidence.decoding.testing import fractal, written
from tests.support.hostile import everything
from tests.support.hostile.made import Hostile

LIMITS = Limits(seconds=5.0, cpu_seconds=1)
MOST_SECONDS = 10.0
Verdict = Preview | Printed | Pages | NotDecoded


def verdicts(pool: Pool, file: Hostile) -> tuple[list[Verdict], float]:
    """What its own question and that for a fingerprint come to, and the seconds of the slower one."""
    answers: list[Verdict] = []
    slowest = 0.0
    with pool.together():
        for verb in (file.verb, "fingerprint"):
            begun = time.monotonic()
            stream = io.BytesIO(file.content)
            answers.append(pool.preview(stream, 300, LIMITS) if verb == "preview" else getattr(pool, verb)(stream, LIMITS))
            slowest = max(slowest, time.monotonic() - begun)
    return answers, slowest


@pytest.mark.timeout(900)
@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.soak)])
def test_every_hostile_file_gets_a_verdict_in_time(every: int) -> None:
    files = list(everything())[::every]
    assert len(files) >= 100
    pool = Pool(2)
    walls = pool.walls()
    zygote = pool._decoding._zygote
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda file: verdicts(pool, file), files))
    assert pool._decoding._zygote is zygote  # neither it nor we died of any
    assert isinstance(pool.fingerprint(written(fractal())), Printed)
    pool.close()

    told: Counter[str] = Counter()
    for file, (answers, slowest) in zip(files, found, strict=True):
        told.update(str(answer) if isinstance(answer, NotDecoded) else type(answer).__name__ for answer in answers)
        ended = [str(each) for each in answers if each in {NotDecoded(Reason.DIED), NotDecoded(Reason.TIME), NotDecoded(Reason.MEMORY)}]
        if ended or slowest > 2:
            print(f"{file.name}: {slowest:.1f} s {', '.join(ended)}")
    print(f"{len(files)} files behind {walls}: {dict(told)}; the slowest took {max(slowest for _, slowest in found):.1f} s")
    assert [file.name for file, (_, slowest) in zip(files, found, strict=True) if slowest > MOST_SECONDS] == []
    assert [file.name for file, (answers, _) in zip(files, found, strict=True) if NotDecoded(Reason.FORBIDDEN) in answers] == []
    assert NotDecoded(Reason.NONSENSE) not in {answer for answers, _ in found for answer in answers if isinstance(answer, NotDecoded)}
