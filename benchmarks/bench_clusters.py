"""Near-duplicates: how many pairs are found and how many of those are true, seconds and memory, beside faiss (flat) and union-find.

    python benchmarks/bench_clusters.py [SCENES [PICTURES]]     (default 1,400 and 100,000; some five minutes)

The first table is of drawn pictures, each looked at as a file would be: scenes of four looks, as drawn and changed in each way of
``grace.simulate.looks.Change``, which says what a near-duplicate is. The rule was made on scenes of other keys; those of ``KEY`` were
not looked at for it. Below them stand files as the simulated world has them, drawn by another hand and never looked at either.

The second is for speed: as drawing 100,000 pictures takes hours, descriptors and PDQs of the first are multiplied by signs drawn for
each new scene; this keeps what lies between the copies of a scene and makes scenes strangers. Precision there is therefore kinder than
that of the first table, and few pictures are laid over each other.

Peer: ``faiss-cpu`` (exact products of the same descriptors, pairs above 0.72 united: single linkage, one orientation, no PDQ).
"""

from __future__ import annotations

import io
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1])]

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # two programs at once draw; a product with two threads waits for itself on a busy machine

import faiss
import ground
import numpy as np
import numpy.typing as npt
from PIL import Image

from grace.analysis.analysers.embedding.look import EVEN, ODD, look_at
from grace.analysis.clusters.clusters import Clusters
from grace.analysis.clusters.looks import SQUARE, Looks, joined, looks
from grace.analysis.clusters.rule import ALONE
from grace.simulate.looks import Change, Look, change, show
from grace.simulate.pictures import NEAR_VARIANTS, draw, pdq_of, vary

SCENES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_400
PICTURES = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
MORE = 1_000
LOOKS = (*[Look.PHOTO] * 4, Look.SCREENSHOT, Look.DOCUMENT, Look.DRAWING)
COPIES = 1 + len(Change)
KEY = "unseen"

Numbers = npt.NDArray[np.int64]
Row = tuple[bytes, int, bytes, int]


def seen(scene: int) -> list[Row]:
    """A scene as drawn and after each change: descriptor, trust, PDQ, quality."""
    image = show(LOOKS[scene % len(LOOKS)], KEY, scene)
    found = []
    for copy in (image, *(change(image, how, KEY, scene) for how in Change)):
        pixels = np.asarray(copy)
        bits, quality = pdq_of(pixels)
        found.append((*look_at(pixels), bits, quality))
    return found


def seen_in_the_world(scene: int) -> list[Row]:
    """A file of the simulated world and its variants that stay near, brought to 512 pixels as for analysers."""
    jpeg = draw(KEY, scene)
    found = []
    for copy in (jpeg, *(vary(jpeg, how, KEY, scene) for how in NEAR_VARIANTS)):
        image = Image.open(io.BytesIO(copy)).convert("RGB")
        bits, quality = pdq_of(np.asarray(image))
        image.thumbnail((512, 512), Image.Resampling.BOX)
        found.append((*look_at(np.asarray(image)), bits, quality))
    return found


def drawn(by: Callable[[int], list[Row]], scenes: int) -> Looks:
    with Pool(os.cpu_count()) as pool:
        rows = [row for copies in pool.imap(by, range(scenes), chunksize=10) for row in copies]
    return looks(*map(list, zip(*rows, strict=True)))


def multiplied(base: Looks, count: int, seed: int) -> tuple[Looks, Numbers]:
    """Strange scenes, three in five of one picture, the others of up to nine copies; and which scene each is."""
    rng = np.random.default_rng(seed)
    copies = np.where(rng.random(count) < 0.6, 1, rng.integers(2, COPIES + 1, count))
    scenes = np.repeat(np.arange(count), copies)[:count]
    first = np.r_[True, scenes[1:] != scenes[:-1]]
    place = np.arange(count) - np.maximum.accumulate(np.where(first, np.arange(count), 0))
    rows = (rng.integers(0, SCENES, count)[scenes] * COPIES + place).astype(np.int64)
    signs = rng.choice(np.array([-1, 1], np.int8), (int(scenes[-1]) + 1, EVEN + ODD))
    masks = rng.integers(0, 256, (int(scenes[-1]) + 1, 32), np.uint8)
    shuffled = rng.permutation(count)
    made = Looks(
        base.descriptors[rows] * signs[scenes],
        base.trust[rows],
        base.pdqs[rows] ^ masks[scenes],
        base.qualities[rows],
        base.forms[rows],
        base.signs[rows] ^ np.tile(masks[scenes], (1, 4)) * base.signs[rows].any(axis=1, keepdims=True),
    )
    return made.of(shuffled), scenes[shuffled]


def pairs(labels: Numbers) -> int:
    counts = np.unique(labels, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def score(found: Numbers, truth: Numbers) -> tuple[float, float]:
    """Precision and recall over pairs."""
    both = pairs(found * (int(truth.max()) + 1) + truth)
    return both / max(1, pairs(found)), both / max(1, pairs(truth))


def by_peer(pictures: Looks) -> Numbers:
    vectors = pictures.descriptors.astype(np.float32)
    index = faiss.IndexFlatIP(EVEN + ODD)
    index.add(vectors)
    parents = np.arange(len(vectors))

    def root(row: int) -> int:
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = int(parents[row])
        return row

    for start in range(0, len(vectors), 4096):
        limits, _, rows = index.range_search(vectors[start : start + 4096], ALONE * SQUARE / 100)
        for asked, (begin, end) in enumerate(pairwise(limits)):
            for other in rows[begin:end]:
                parents[root(start + asked)] = root(int(other))
    return np.array([root(row) for row in range(len(vectors))])


def names(first: int, count: int) -> list[bytes]:
    return [b"%d" % number for number in range(first, first + count)]


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def table(pictures: Looks) -> None:
    truth = np.repeat(np.arange(SCENES), COPIES)
    kinds = truth % len(LOOKS)
    unmirrored = np.arange(len(truth)) % COPIES < COPIES - 1
    for label, wanted in (
        ("photos", kinds < 4),
        ("photos, without mirror images", (kinds < 4) & unmirrored),
        ("drawings", kinds == 6),
        ("screenshots", kinds == 4),
        ("documents", kinds == 5),
        ("all", kinds < 7),
    ):
        line(label, pictures.of(wanted), truth[wanted])
    copies = 1 + len(NEAR_VARIANTS)
    line("files of the simulated world", drawn(seen_in_the_world, SCENES // 7), np.repeat(np.arange(SCENES // 7), copies))


def line(label: str, pictures: Looks, truth: Numbers) -> None:
    clusters = Clusters()
    clusters.add(names(0, len(truth)), pictures)
    ours, theirs = (score(found, truth) for found in (clusters.stored().centres, by_peer(pictures)))
    print(
        f"{label + ':':31} {len(truth):7,} pictures; precision {ours[0]:.4f} recall {ours[1]:.4f}"
        f"   faiss + union-find {theirs[0]:.4f} {theirs[1]:.4f}"
    )


def speed(base: Looks) -> None:
    pictures, truth = multiplied(base, PICTURES + MORE, 7)
    many, few = pictures.of(np.arange(PICTURES)), pictures.of(np.arange(PICTURES, PICTURES + MORE))
    clusters, before = Clusters(), peak()
    start = time.perf_counter()
    clusters.add(names(0, PICTURES), many)
    all_at_once = time.perf_counter() - start
    found = clusters.stored().centres
    precision, recall = score(found, truth[:PICTURES])
    print(
        f"{PICTURES:,} pictures, {len(np.unique(found)):,} clusters: {all_at_once:.1f} s, precision {precision:.4f} recall {recall:.4f}, "
        f"peak memory {peak():,} MiB, {peak() - before:,} of it here   (bar: 300 s)"
    )
    start = time.perf_counter()
    changed = clusters.add(names(PICTURES, MORE), few)
    added = time.perf_counter() - start
    print(f"{MORE:,} more: {added:.2f} s, {added / all_at_once:.1%} of it, {len(changed):,} pictures have another centre")
    again = Clusters()
    again.add(names(0, PICTURES + MORE), joined(many, few))
    assert (again.stored().centres == clusters.stored().centres).all()
    start = time.perf_counter()
    clusters.remove(names(500, MORE))
    print(f"{MORE:,} less: {time.perf_counter() - start:.2f} s; all at once gives the same clusters as in steps")
    start = time.perf_counter()
    theirs = score(by_peer(many), truth[:PICTURES])
    print(
        f"faiss + union-find: {time.perf_counter() - start:.1f} s, precision {theirs[0]:.4f} recall {theirs[1]:.4f}, peak memory {peak():,} MiB"
    )


def main() -> None:
    print(ground.machine())
    print(f"faiss-cpu {version('faiss-cpu')}, numpy {np.__version__}")
    start = time.perf_counter()
    pictures = drawn(seen, SCENES)
    print(f"{len(pictures):,} pictures of {SCENES:,} scenes drawn, changed and looked at in {time.perf_counter() - start:.0f} s")
    Clusters().add(names(0, 100), pictures.of(np.arange(100)))
    table(pictures)
    speed(pictures)


if __name__ == "__main__":
    main()
