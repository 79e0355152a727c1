"""The mathematics of the ledger: RFC 6962 Merkle trees, sections 2.1 to 2.1.2. A pure library: no database, no clock.

A *leaf hash* is SHA-256 of 0x00 and the leaf's bytes; a *node hash* is SHA-256 of 0x01, the left and the right hash (32
bytes each). The two prefixes keep a node from being passed off as a leaf. Checking of proofs follows RFC 9162, sections
2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""The root of the leaves ``start`` to ``end`` (excluded) as a tree of their own; never asked for an empty range."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over the hashes of its two children."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows, kept as the roots of its complete subtrees: at most 64 hashes, whatever its size.

    The subtrees stand from left to right, one for each bit that is set in ``size``, the largest first.
    """

    __slots__ = ("_roots", "size")

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def push(self, hashed_leaf: bytes) -> None:
        """Append one leaf, given by its leaf hash."""
        joins = self.size
        while joins & 1:
            hashed_leaf = node_hash(self._roots.pop(), hashed_leaf)
            joins >>= 1
        self._roots.append(hashed_leaf)
        self.size += 1

    def extend(self, hashed_leaves: Iterable[bytes]) -> Frontier:
        """Append many leaves, in order."""
        for hashed_leaf in hashed_leaves:
            self.push(hashed_leaf)
        return self

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self._roots:
            return EMPTY_ROOT
        *rest, root = self._roots
        for left in reversed(rest):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """The subtree roots, one after the other; with ``size`` all that is needed to go on later."""
        return b"".join(self._roots)

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> Frontier:
        """Go on from ``size`` and :meth:`to_bytes`. Raises ``ValueError`` where they do not belong together."""
        if size < 0 or len(raw) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"{len(raw)} bytes are no frontier of a tree of {size} leaves")
        frontier = cls()
        frontier.size = size
        frontier._roots = [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]
        return frontier


def root_of(hashed_leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in constant memory."""
    return Frontier().extend(hashed_leaves).root()


def subtrees_of(hashed_leaves: Sequence[bytes]) -> Subtree:
    """A :data:`Subtree` over leaf hashes that are all in memory."""
    return lambda start, end: root_of(hashed_leaves[start:end])


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from leaf ``index`` (from 0) to the root of the first ``size`` leaves, lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size} leaves")
    proof = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show that the first ``old`` of ``new`` leaves are the tree of ``old`` leaves, unchanged."""
    if not 0 < old <= new:
        raise ValueError(f"no proof leads from {old} to {new} leaves")
    proof = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start = middle
    if start:
        proof.append(subtree(start, end))
    return proof[::-1]


def is_included(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows the leaf at ``index`` in the tree of ``size`` leaves with that root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, hashed_leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``new`` leaves continues the tree of ``old`` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def complete_ranges(start: int, end: int) -> list[tuple[int, int]]:
    """Cut the leaves ``start`` to ``end`` of a tree into its complete subtrees, left to right.

    ``start`` must be where a subtree of at least ``end - start`` leaves may begin, as in every proof above.
    """
    bounds = [start]
    for bit in range((end - start).bit_length() - 1, -1, -1):
        if (end - start) >> bit & 1:
            bounds.append(bounds[-1] + (1 << bit))
    return list(pairwise(bounds))


def _split(size: int) -> int:
    """The largest power of two smaller than ``size`` (which is at least 2)."""
    return 1 << (size - 1).bit_length() - 1
