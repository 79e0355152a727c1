"""Proofs about the ledger for somebody who holds a checkpoint; checked with ``merkle.is_included`` and ``is_consistent``."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from grace.custody import merkle, tree
from grace.custody.models import Leaf
from grace.kernel.errors import Invalid, Missing


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That the leaf ``digest`` stands at ``seq`` (from 0) among the first ``size``: the hashes up to the root."""

    seq: int
    size: int
    digest: bytes
    path: tuple[bytes, ...]


def prove_inclusion(entry: UUID, size: int | None = None) -> Inclusion:
    """Prove that an entry is in the tree of ``size`` leaves (all there are, by default), pruned or not.

    Raises ``Missing`` for an entry that has no leaf among these.
    """
    size = tree.size() if size is None else size
    leaf = Leaf.objects.filter(entry_id=entry, seq__lt=size).first()
    if leaf is None or size > tree.size():
        raise Missing("There is no such entry in a tree of that size.", remedy="A new entry gets its leaf within a second.")
    return Inclusion(leaf.seq, size, bytes(leaf.digest), tuple(merkle.inclusion_proof(leaf.seq, size, tree.subtree)))


def prove_consistency(old: int, new: int | None = None) -> tuple[bytes, ...]:
    """Prove that the tree of ``new`` leaves (all there are, by default) continues the tree of ``old``, unchanged.

    Raises ``Invalid`` where the ledger never had these sizes in this order.
    """
    new = tree.size() if new is None else new
    if not 0 < old <= new <= tree.size():
        raise Invalid(f"No proof leads from {old} to {new} leaves.", remedy=f"Give sizes from 1 to {tree.size()}, the smaller first.")
    return tuple(merkle.consistency_proof(old, new, tree.subtree))
