"""The index of fingerprints and digests beside the field's own, on the same values, in the same run.

    python benchmarks/matching/bench_index.py [--peers] [HASHES ...]     (default 1,000,000 and 10,000,000; some ten minutes)

Peers: ``threatexchange``'s default PDQ index (one question at a time; it has no batch) up to a million, and the faiss index
beneath it, ``IndexBinaryMultiHash(256, 16, 16)`` with one flip, single and in batches. All on one thread. Half of the questions
are planted 0 to 31 bits from a value, half are strangers. Three corpora: even bits; a skewed one, made of near-duplicates of
thousands of pictures with the flat ones among them; and the questions that cost the most, answered by a scan.
Every answer is compared with a scan of everything.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[2] / "build" / "kernels"))

from grace.matching.index import engine, segment
from grace.matching.index.layout import NEAR
from grace.matching.index.store import Store

Bits = npt.NDArray[np.uint8]
QUESTIONS = 1_000
PEER_QUESTIONS = 60


def even(random: np.random.Generator, rows: int) -> Bits:
    return random.integers(0, 256, (rows, 32), np.uint8)


def skewed(random: np.random.Generator, rows: int) -> Bits:
    """One in ten is a variant of one of a thousand pictures (their numbers fall off as they do on the web), the others differ."""
    values = even(random, rows)
    variants = rows // 10
    pictures = even(random, 1_000)[np.minimum(random.zipf(1.3, variants) - 1, 999)]
    values[:variants] = pictures ^ np.packbits(random.random((variants, 256), np.float32) < 0.05, axis=1)
    # Real fingerprints have correlated bits: neighbouring coefficients share their sign more often than chance has it.
    shared = random.integers(0, 256, (64, 32), np.uint8)
    for start in range(variants, rows, 1 << 17):
        part = values[start : start + (1 << 17)]
        mask = np.packbits(random.random((len(part), 256), np.float32) < 0.35, axis=1)
        part[:] = (part & ~mask) | (shared[random.integers(0, 64, len(part))] & mask)
    return values[random.permutation(rows)]


def questions(random: np.random.Generator, values: Bits, number: int = QUESTIONS) -> Bits:
    asked = even(random, number)
    for place in range(0, number, 2):
        raised = np.unpackbits(values[random.integers(len(values))])
        raised[random.choice(256, place // 2 % (NEAR + 1), replace=False)] ^= 1
        asked[place] = np.packbits(raised)
    return asked


@dataclass(frozen=True)
class Timed:
    """What questions cost, in milliseconds of processor time, and the places of the dearest ten."""

    median: float
    high: float
    dearest: list[int]


def once(ask: Callable[[int], object], place: int) -> float:
    begun = time.process_time_ns()
    ask(place)
    return (time.process_time_ns() - begun) / 1e6


def timed(ask: Callable[[int], object], number: int) -> Timed:
    """Median, 99th percentile and the dearest of ``number`` questions."""
    took = sorted((once(ask, place), place) for place in range(number))
    return Timed(statistics.median(cost for cost, _ in took), took[int(0.99 * number)][0], [place for _, place in took[-10:]])


def scanning(reader: Store) -> Store:
    """The same index without its blocks: every question is answered by looking at every row."""
    view = reader.view()
    other = Store(reader.folder, reader.kind)
    other.view = lambda: replace(view, segments=tuple(replace(part, blocks=None) for part in view.segments))  # type: ignore[method-assign]
    return other


def worst(reader: Store, raw: list[bytes], places: list[int]) -> tuple[float, float]:
    """The dearest of some questions, in milliseconds, and how many times as dear as the same answered by one scan.

    Each is asked seven times both ways and counts as its quickest: what is sought is what a question costs, not what else the
    machine did just then.
    """
    plain = scanning(reader)

    def quickest(ask: Store, place: int) -> float:
        return min(once(lambda _: ask.near([raw[place]]), 0) for _ in range(7))

    both = [(quickest(reader, place), quickest(plain, place)) for place in places]
    return max(mine for mine, _ in both), max(mine / scan for mine, scan in both)


def memory() -> float:
    """The memory that this process has for itself alone, in mebibytes: mapped segments are shared by all that map them."""
    fields = dict(line.split(":") for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    return int(fields["Anonymous"].split()[0]) / 1024


def brute(values: Bits, asked: Bits) -> set[tuple[int, int]]:
    words, one = values.view(np.uint64), asked.view(np.uint64)
    near = []
    for start in range(0, len(words), 1 << 18):
        apart = np.bitwise_count(words[start : start + (1 << 18)] ^ one).sum(axis=1, dtype=np.uint16)
        near += [(start + int(place), int(apart[place])) for place in np.flatnonzero(apart <= NEAR)]
    return set(near)


def ours(name: str, values: Bits, folder: Path, random: np.random.Generator) -> dict[str, float]:
    store = Store(folder, "pdq")
    begun = time.monotonic()
    with store.writing() as writer:
        writer.add(store.words_of(values), np.arange(len(values), dtype=np.int64))
    built = time.monotonic() - begun
    size = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()) / 1e6
    reader, before = Store(folder, "pdq"), memory()
    asked = questions(random, values)
    raw = [each.tobytes() for each in asked]
    reader.near([each.tobytes() for each in questions(random, values)])  # as a process that has been asked before: its pages are mapped
    own = memory() - before
    took = timed(lambda place: reader.near([raw[place]]), len(raw))
    begun_ns = time.process_time_ns()
    answers = reader.near(raw)
    batch = len(raw) / ((time.process_time_ns() - begun_ns) / 1e9)
    dearest, scans = worst(reader, raw, took.dearest)
    wrong = 0
    for place in range(0, QUESTIONS, 25):
        ids, distances = answers.of(place)
        wrong += set(zip(ids.tolist(), distances.tolist(), strict=True)) != brute(values, asked[place])
    print(
        f"  ours, {name}: built in {built:.1f} s, {size:,.0f} MB on disk; one question {took.median:.3f} ms (99 %: {took.high:.3f}, worst {dearest:.2f}); batch of 1,000: {batch:,.0f}/s"
    )
    print(
        f"        the dearest ten questions take at most {scans:.2f} times what a scan takes for them (bar: 1.3); a reader's own memory {own:.0f} MB (bar: 50); {wrong} of 40 answers differ from brute force"
    )
    return {"single": took.median, "batch": batch}


def faiss_index(values: Bits) -> Any:
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1
    begun = time.process_time()
    index.add(values)
    print(f"  faiss IndexBinaryMultiHash(256, 16, 16): built in {time.process_time() - begun:.1f} s of processor time")
    return index


def beside_faiss(values: Bits, mine: dict[str, float], random: np.random.Generator, single_bar: float) -> None:
    index = faiss_index(values)
    asked = questions(random, values, 100)
    median = timed(lambda place: index.range_search(asked[place : place + 1], NEAR + 1), PEER_QUESTIONS).median
    begun = time.process_time_ns()
    index.range_search(asked, NEAR + 1)
    batch = len(asked) / ((time.process_time_ns() - begun) / 1e9)
    print(
        f"        one question {median:.2f} ms: ours is {median / mine['single']:.0f} times as fast (bar at ten million, even: 80, skewed: 10; here {single_bar:.0f})"
    )
    print(f"        batch of 100: {batch:,.0f}/s: ours is {mine['batch'] / batch:.0f} times as fast (bar at one million: 20)")


def beside_threatexchange(values: Bits, mine: dict[str, float], random: np.random.Generator) -> None:
    import faiss
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex

    faiss.omp_set_num_threads(1)
    begun = time.process_time()
    index = PDQIndex.build([(value.tobytes().hex(), place) for place, value in enumerate(values)])
    built = time.process_time() - begun
    asked = [each.tobytes().hex() for each in questions(random, values, PEER_QUESTIONS)]
    median = timed(lambda place: index.query(asked[place]), PEER_QUESTIONS).median
    print(
        f"  threatexchange PDQIndex: built in {built:.1f} s; one question {median:.2f} ms: ours is {median / mine['single']:.0f} times as fast (bar at one million: 20)"
    )


def dearest(values: Bits, folder: Path) -> None:
    """A corpus in which every question's plan is large: half of all values lie near one picture."""
    random = np.random.default_rng(5)
    crowded = values.copy()
    half = len(values) // 2
    for start in range(0, half, 1 << 17):
        part = crowded[start : min(start + (1 << 17), half)]
        part[:] = values[0] ^ np.packbits(random.random((len(part), 256), np.float32) < 0.2, axis=1)
    ours("half of all near one picture", crowded, folder, random)
    reader = Store(folder, "pdq")
    raw = [(values[0] ^ np.packbits(random.random(256) < 0.1)).tobytes() for _ in range(50)]
    took = timed(lambda place: reader.near([raw[place]]), len(raw))
    cost, scans = worst(reader, raw, took.dearest)
    print(f"        questions beside that picture: {took.median:.2f} ms, worst {cost:.2f} ms: {scans:.2f} scans (bar: 1.3)")


def exact(rows: int, folder: Path, random: np.random.Generator) -> None:
    store = Store(folder, "sha1")
    values = random.integers(0, 256, (rows, 20), np.uint8)
    begun = time.monotonic()
    with store.writing() as writer:
        writer.add(store.words_of(values), np.arange(rows, dtype=np.int64))
    raw = [values[random.integers(rows)].tobytes() if place % 2 else random.bytes(20) for place in range(1_000)]
    store.find(raw)
    took = timed(lambda _: store.find(raw), 9).median
    print(f"  exact, SHA-1, {rows:,}: built in {time.monotonic() - begun:.1f} s; a batch of 1,000 in {took:.2f} ms")


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reading.add_argument("hashes", nargs="*", type=lambda text: int(float(text)), default=[1_000_000, 10_000_000])
    wanted = reading.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    import ground

    print(ground.machine(), flush=True)
    engine.warm()
    random = np.random.default_rng(2026)
    for rows in wanted.hashes:
        print(f"{rows:,} fingerprints")
        for name, make in (("even", even), ("skewed", skewed)):
            values = make(random, rows)
            with tempfile.TemporaryDirectory(prefix="grace-bench-") as folder:
                mine = ours(name, values, Path(folder), random)
            if name == "even" and rows <= 1_000_000:
                beside_threatexchange(values, mine, random)
            beside_faiss(values, mine, random, 80 if name == "even" else 10)
        with tempfile.TemporaryDirectory(prefix="grace-bench-") as folder:
            dearest(values, Path(folder))
        with tempfile.TemporaryDirectory(prefix="grace-bench-") as folder:
            exact(rows, Path(folder), random)
    print(
        f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, peers included; rows a segment scans: under {segment.BLOCKED:,}"
    )


if __name__ == "__main__":
    main()
