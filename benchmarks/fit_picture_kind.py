"""The weights by which the analyser ``picture`` tells kinds, fitted to drawn pictures; what they are worth on scenes that they never saw.

    python benchmarks/fit_picture_kind.py [SCENES [FILE]]     (default 3,000; FILE: where to write kinds.json)

One scene is one picture, two in three of them changed (smaller, recompressed, cropped, brighter or darker, grey). Seven tenths of the
scenes are for fitting, the others for the table: how often it is right where it says how sure it is. Drawn pictures are cleaner
than those of the world: trust the order of kinds more than the figure.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path += [str(Path(__file__).parents[1])]

import numpy as np
import numpy.typing as npt

from grace.analysis.analysers.picture.features import Features, features
from grace.analysis.analysers.picture.kind import Kinds
from grace.simulate.looks import Change, Look, change, show

SCENES = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
CHANGES = (Change.RESIZED, Change.RECOMPRESSED, Change.BRIGHTER, Change.GREY, Change.CROPPED)
KINDS = tuple(Look)
STEPS, RATE, SHRINKING = 4_000, 0.05, 0.004
BANDS = (0.5, 0.7, 0.9, 0.97, 1.001)

Numbers = npt.NDArray[np.float64]


def seen(scene: int) -> Features:
    image = show(KINDS[scene % len(KINDS)], "kind", scene)
    if scene % 3:
        image = change(image, CHANGES[scene // len(KINDS) % len(CHANGES)], "kind", scene)
    return features(np.asarray(image))[0]


def fitted(rows: Numbers, kinds: npt.NDArray[np.int64]) -> Kinds:
    """Multinomial logistic regression by gradient descent with momentum; weights are shrunk a little."""
    means, spreads = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.hstack((np.clip((rows - means) / spreads, -3, 3), np.ones((len(rows), 1))))
    wanted, weights = np.eye(len(KINDS))[kinds], np.zeros((len(KINDS), scaled.shape[1]))
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        said = scaled @ weights.T
        shares = np.exp(said - said.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        speed = 0.9 * speed + (shares - wanted).T @ scaled / len(rows) + SHRINKING * weights
        weights = weights - RATE * speed
    return Kinds(tuple(kind.value for kind in KINDS), means, spreads, weights)


def report(kinds: Kinds, held_out: list[Features], truth: npt.NDArray[np.int64]) -> None:
    said = [max(kinds.shares(one).items(), key=lambda each: each[1]) for one in held_out]
    right = np.array([name == KINDS[kind] for (name, _), kind in zip(said, truth, strict=True)])
    sure = np.array([share for _, share in said])
    print(f"right in {right.mean():.1%} of {len(truth)} scenes never seen; nothing said of {int((sure < BANDS[0]).sum())}")
    for low, high in pairwise(BANDS):
        within = (sure >= low) & (sure < high)
        if within.any():
            print(
                f"  sure {low:.2f} to {min(high, 1):.2f}: {int(within.sum()):5} pictures, mean {sure[within].mean():.3f}, right {right[within].mean():.3f}"
            )


def main() -> None:
    with Pool(os.cpu_count()) as pool:
        found = pool.map(seen, range(SCENES), chunksize=20)
    rows, kinds = np.array([one.row() for one in found]), np.arange(SCENES) % len(KINDS)
    first = int(SCENES * 0.7)
    fit = fitted(rows[:first], kinds[:first])
    report(fit, found[first:], kinds[first:])
    if len(sys.argv) > 2:
        parts = {"means": fit.means, "spreads": fit.spreads, "weights": fit.weights}
        held = {"names": fit.names, **{name: part.round(4).tolist() for name, part in parts.items()}}
        Path(sys.argv[2]).write_text(json.dumps(held) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
