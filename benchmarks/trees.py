"""Gradient boosting of small trees that ask for traits: what ``fit_names.py`` fits, without a library of its own.

Newton's method on the logistic loss (Friedman 2001; Chen and Guestrin 2016): each tree is grown level by level, every node asks for the one trait
that lowers the loss most, and every leaf adds a little to the sum. Traits are told or not, so that a level costs one pass over those of all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

DEPTH = 6
TREES, RATE = 120, 0.1
SHRINKING, LEAST_WEIGHT = 1.0, 0.3
OF_TRAITS, OF_ROWS = 0.35, 0.8
"""How many of the traits and of the rows a tree sees, drawn by chance with a seed: trees that differ generalise better together."""

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Tree(NamedTuple):
    """The traits that the nodes ask for, by number, in the order of a heap, the root first; -1 asks for none. What each leaf adds."""

    asks: Places
    adds: Numbers


class Table:
    """Which traits each row has, as pairs of places."""

    def __init__(self, rows: Sequence[Sequence[int]], width: int) -> None:
        self.height, self.width = len(rows), width
        self.row = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
        self.trait = np.fromiter((trait for each in rows for trait in each), dtype=np.int64, count=len(self.row))

    def of(self, kept: npt.NDArray[np.bool_]) -> Table:
        """The same of some rows."""
        table = Table((), self.width)
        is_kept = kept[self.row]
        table.height = int(kept.sum())
        table.row, table.trait = (np.cumsum(kept) - 1)[self.row[is_kept]], self.trait[is_kept]
        return table

    def told(self, trait: int) -> npt.NDArray[np.bool_]:
        """Which rows have a trait."""
        have = np.zeros(self.height, dtype=bool)
        have[self.row[self.trait == trait]] = True
        return have


def boosted(table: Table, truth: Numbers, counts: Numbers, *, seed: int = 7) -> list[Tree]:
    """Trees whose sums tell the rows that are true from the others; each row counts so often."""
    chance, sums, trees = np.random.default_rng(seed), np.zeros(table.height), list[Tree]()
    for _ in range(TREES):
        said = 1 / (1 + np.exp(-sums))
        drawn = counts * (chance.random(table.height) < OF_ROWS)
        tree, leaf = _grown(table, drawn * (truth - said), drawn * said * (1 - said), chance.random(table.width) < OF_TRAITS)
        sums += tree.adds[leaf]
        trees.append(tree)
    return trees


def _grown(table: Table, slope: Numbers, bend: Numbers, seen: npt.NDArray[np.bool_]) -> tuple[Tree, Places]:
    """One tree, and the leaf in which each row ends."""
    asks, node = np.full(2**DEPTH - 1, -1), np.zeros(table.height, dtype=np.int64)
    is_seen = seen[table.trait]
    row, trait = table.row[is_seen], table.trait[is_seen]
    for level in range(DEPTH):
        first, count = 2**level - 1, 2**level
        place, shape = node[row] * table.width + trait, (count, table.width)
        slopes, bends = (_sums(place, each[row], count * table.width).reshape(shape) for each in (slope, bend))
        whole = [_sums(node, each, count)[:, None] for each in (slope, bend)]
        gain = _worth(slopes, bends) + _worth(whole[0] - slopes, whole[1] - bends) - _worth(*whole)
        gain[(bends < LEAST_WEIGHT) | (whole[1] - bends < LEAST_WEIGHT)] = 0
        best = gain.argmax(axis=1)
        asks[first : first + count] = np.where(gain[np.arange(count), best] > 0, best, -1)
        has = np.zeros((table.height, 1), dtype=np.int64)
        has[table.row[table.trait == asks[first + node[table.row]]]] = 1
        node = 2 * node + has[:, 0]
    adds = RATE * _sums(node, slope, 2**DEPTH) / (_sums(node, bend, 2**DEPTH) + SHRINKING)
    return Tree(asks, adds), node


def _sums(place: Places, weights: Numbers, count: int) -> Numbers:
    """What stands at each of so many places, added up."""
    sums: Numbers = np.bincount(place, weights, count).astype(np.float64)
    return sums


def _worth(slope: Numbers, bend: Numbers) -> Numbers:
    worth: Numbers = slope**2 / (bend + SHRINKING)
    return worth
