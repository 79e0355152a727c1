"""The tree in the database: leaves, and above every 256 of them a node, so that a proof reads hundreds of rows, not all.

Nodes are a cache: what is missing is computed from the leaves, and a wrong one only makes a proof that does not verify.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db import connection
from django.db.backends.utils import CursorWrapper

from grace.custody import merkle
from grace.custody.merkle import complete_ranges, leaf_hash, root_of

STEP = 8
"""A node stands above ``2 ** STEP`` leaves, the next above as many nodes, and so on."""
PAGE = 10_000
"""Leaves a query."""

_INSERT = "INSERT INTO custody_node (level, index, root) SELECT %s, * FROM UNNEST(%s::bigint[], %s::bytea[]) ON CONFLICT DO NOTHING"


def size() -> int:
    """How many leaves the tree has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq) + 1, 0) FROM custody_leaf")
        found: int = cursor.fetchone()[0]
    return found


def grow(cursor: CursorWrapper, start: int, end: int) -> None:
    """Write the nodes that became complete as the tree grew from ``start`` to ``end`` leaves."""
    level = STEP
    while start >> level < end >> level:
        first, last = start >> level, end >> level
        below = _stored(cursor, level - STEP, first << STEP, last << STEP)
        roots = [root_of(islice(below, 1 << STEP)) for _ in range(first, last)]
        cursor.execute(_INSERT, [level, list(range(first, last)), roots])
        level += STEP


def leaf_hashes(start: int, end: int) -> Iterator[bytes]:
    """The leaf hashes from ``start`` to ``end`` (excluded), read a page at a time."""
    with connection.cursor() as cursor:
        for at in range(start, end, PAGE):
            yield from _stored(cursor, 0, at, min(at + PAGE, end))


def subtree(start: int, end: int) -> bytes:
    """The root of the leaves from ``start`` to ``end`` (excluded) as a tree of their own: what proofs are made of."""
    with connection.cursor() as cursor:
        roots = [_complete(cursor, first, last) for first, last in complete_ranges(start, end)]
    found = roots.pop()
    while roots:
        found = merkle.node_hash(roots.pop(), found)
    return found


def _complete(cursor: CursorWrapper, first: int, last: int) -> bytes:
    """The root of a complete subtree, from the highest nodes that lie within it."""
    level = ((last - first).bit_length() - 1) // STEP * STEP
    below = list(_stored(cursor, level, first >> level, last >> level))
    if len(below) != (last - first) >> level:
        return root_of(leaf_hashes(first, last))
    return root_of(below)


def _stored(cursor: CursorWrapper, level: int, first: int, last: int) -> Iterator[bytes]:
    """The hashes of one level: of nodes, or of leaves at level 0."""
    if level:
        cursor.execute("SELECT root FROM custody_node WHERE level = %s AND index >= %s AND index < %s ORDER BY index", [level, first, last])
        return (bytes(row[0]) for row in cursor.fetchall())
    cursor.execute("SELECT digest FROM custody_leaf WHERE seq >= %s AND seq < %s ORDER BY seq", [first, last])
    return (leaf_hash(bytes(row[0])) for row in cursor.fetchall())
