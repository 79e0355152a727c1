"""Landlock and seccomp change no verdict: mutants of many formats are asked about behind them, and beside them."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice

import pytest

from grace.evidence.decoding.layers import ALL, Layer
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded, Reason
from grace.evidence.decoding.zygote import Zygote
from tests.support.hostile.made import Hostile
from tests.support.mutants import Seed, mutants, seeds

LIMITS = Limits(seconds=10.0, cpu_seconds=8)
TOGETHER = 50
"""Mutants that share a worker; a death costs one of them, not the others."""
BY_CHANCE = {NotDecoded(Reason.TIME), NotDecoded(Reason.MEMORY)}
"""What also depends on how busy the machine is, and on where memory lies."""


@pytest.fixture(scope="module")
def sound() -> list[Seed]:
    pytest.importorskip("av")
    return seeds()


@pytest.fixture
def walled() -> Iterator[Pool]:
    pool = Pool(1)
    yield pool
    pool.close()


@pytest.fixture
def control() -> Iterator[Pool]:
    """A decoder with neither Landlock nor seccomp."""
    pool = Pool(1, start=partial(Zygote, layers=ALL & ~Layer.LANDLOCK & ~Layer.SECCOMP))
    yield pool
    pool.close()


def tones_of_a_second() -> bytes:
    with io.BytesIO() as stream:
        with wave.open(stream, "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(16_000)
            written.writeframes(struct.pack("<16000h", *(int(8_000 * math.sin(moment / 6)) for moment in range(16_000))))
        return stream.getvalue()


def verdicts(pool: Pool, files: Sequence[Seed | Hostile]) -> list[object]:
    with pool.together():
        return [getattr(pool, file.verb)(io.BytesIO(file.content), LIMITS) for file in files]


def test_harmless_files_are_decoded_the_same(walled: Pool, control: Pool, sound: list[Seed]) -> None:
    assert len(sound) >= 12
    answers = verdicts(walled, sound)
    assert answers == verdicts(control, sound)
    undecoded = {seed.name: str(answer) for seed, answer in zip(sound, answers, strict=True) if isinstance(answer, NotDecoded)}
    assert undecoded == {"PDF, locked": str(NotDecoded(Reason.LOCKED))}


def test_analysers_say_the_same(walled: Pool, control: Pool, sound: list[Seed]) -> None:
    """All that are installed, each of all sound files and of a text and a tone."""
    texts = [("text/plain", b"A neutral sentence about the weather, by ada@example.org.", "text")]
    tones = [("audio/wav", tones_of_a_second(), "tone")]
    kinds = {"fingerprint": "image/png", "fingerprint_video": "video/mp4", "pages": "application/pdf"}
    everything = [*((kinds[seed.verb], seed.content, seed.name) for seed in sound), *texts, *tones]
    names = sorted(walled.roll().loaded)
    assert names == sorted(control.roll().loaded)
    for media_type, content, name in everything:
        with walled.together(), control.together():
            answers = [pool.analyse(io.BytesIO(content), media_type, names, LIMITS) for pool in (walled, control)]
        assert answers[0] == answers[1], name
        assert not isinstance(answers[0], NotDecoded), name


@pytest.mark.parametrize("number", [500, pytest.param(20_000, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)])])
def test_mutants_get_the_same_verdict_and_stop_nothing(walled: Pool, control: Pool, sound: list[Seed], number: int) -> None:
    made = mutants(sound, number, seed=1)
    programs = [pool._decoding._zygote for pool in (walled, control) if pool.walls()]
    told: Counter[str] = Counter()
    differ, deadly = [], []
    with ThreadPoolExecutor(2) as threads:
        while some := list(islice(made, TOGETHER)):
            both = list(threads.map(verdicts, (walled, control), (some, some)))
            for file, behind, beside in zip(some, *both, strict=True):
                told[str(behind) if isinstance(behind, NotDecoded) else type(behind).__name__] += 1
                if behind != beside and not {behind, beside} & BY_CHANCE:
                    differ.append(f"{file.name}: {behind} / {beside}")
                if behind in {NotDecoded(Reason.DIED), NotDecoded(Reason.FORBIDDEN)}:
                    deadly.append(f"{file.name}: {behind}")
    print(f"{number} mutants of {len(sound)} formats: {dict(told)}; differ: {differ or 'none'}; deadly: {deadly or 'none'}")
    assert [pool._decoding._zygote for pool in (walled, control)] == programs
    assert told[str(NotDecoded(Reason.FORBIDDEN))] == 0
    assert differ == []
