"""Clusters that depend on the pictures alone: whatever the order in which they came and went, and in however many batches.

**The rule.** Every picture has a rank, drawn from its own bytes. In order of rank, each picture that is near no centre becomes a
centre; every other one belongs to the first centre by rank that it is near. So nobody is joined through a third (no chains): all of a
cluster are near its centre. (The method is that of Ailon, Charikar and Newman, "Aggregating inconsistent information", 2008: at most
three times the disagreements of the best clustering, in expectation.)

**In steps.** What one picture is depends on higher ranks only, so the rule has one solution, and looking again at whatever may have
changed, in any order, ends there. As ranks are drawn, a picture that comes or goes changes few others (Censor-Hillel, Haramaty
and Karnin, "Optimal dynamic distributed MIS", 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from grace.analysis.clusters.looks import Flags, Looks, Rows, joined, looks
from grace.analysis.clusters.near import near

_AT_ONCE = 1024
Ranks = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Stored:
    """All that must be kept: names of pictures, their looks, and for each the row of its centre (a centre's own is its row).

    -1 stands for a centre that is no longer here; :meth:`Clusters.settle` finds another one.
    """

    names: tuple[bytes, ...]
    looks: Looks
    centres: Rows


class Clusters:
    """The clusters of the pictures added so far; ``names`` are any bytes that tell pictures apart."""

    def __init__(self, stored: Stored | None = None) -> None:
        """Those that were stored; none without."""
        known = stored or Stored((), looks([], [], [], []), np.empty(0, np.int64))
        if not len(known.names) == len(known.looks) == len(known.centres):
            raise ValueError("names, looks and centres are not equally many")
        self._names, self._looks, self._centres = list(known.names), known.looks, known.centres.copy()
        self._ranks = _ranks(self._names, known.looks)
        self._rows = {name: row for row, name in enumerate(self._names)}

    def stored(self) -> Stored:
        """What to keep of it."""
        return Stored(tuple(self._names), self._looks, self._centres.copy())

    def centre(self, name: bytes) -> bytes:
        """The centre of a picture's cluster, which names the cluster. Raises ``KeyError`` for an unknown picture."""
        return self._names[int(self._centres[self._rows[name]])]

    def add(self, names: Sequence[bytes], pictures: Looks) -> Mapping[bytes, bytes]:
        """Take pictures in; the centre of each of them, and of each other one whose centre changed. Raises ``ValueError`` for one that is known."""
        if len(names) != len(pictures) or len({*names}) != len(names) or any(name in self._rows for name in names):
            raise ValueError("each picture needs a name of its own, and can be added once")
        start = len(self._names)
        new = np.arange(start, start + len(names))
        before = self._centre_names()
        self._rows.update(zip(names, new.tolist(), strict=True))
        self._names.extend(names)
        self._looks = joined(self._looks, pictures)
        self._ranks = np.concatenate((self._ranks, _ranks(names, pictures)))
        # Nobody's centre is no row: such a picture is neither a centre nor a member until it was looked at.
        self._centres = np.concatenate((self._centres, np.full(len(names), -1)))
        self._settle(new)
        return self._changed(before)

    def remove(self, names: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Let pictures go; the centre of each remaining one whose centre changed. Raises ``KeyError`` for an unknown picture."""
        stays = np.ones(len(self._names), np.bool_)
        stays[[self._rows[name] for name in names]] = False
        before = [centre for centre, here in zip(self._centre_names(), stays, strict=True) if here]
        places = np.append(np.where(stays, np.cumsum(stays) - 1, -1), -1)
        self._centres = places[self._centres[stays]]
        self._looks, self._ranks = self._looks.of(stays), self._ranks[stays]
        self._names = [name for name, here in zip(self._names, stays, strict=True) if here]
        self._rows = {name: row for row, name in enumerate(self._names)}
        return self.settle(before)

    def settle(self, before: Sequence[bytes] | None = None) -> Mapping[bytes, bytes]:
        """Look again at the pictures whose centre is no longer here; the centre of each one whose centre changed (since ``before``)."""
        before = self._centre_names() if before is None else before
        self._settle(np.flatnonzero(self._centres < 0))
        return self._changed(before)

    def _settle(self, doubtful: Rows) -> None:
        """Look at pictures, and at what that makes doubtful, until nothing changes; highest ranks first, so that few are looked at twice."""
        while len(doubtful):
            order = self._by_rank(doubtful)
            doubtful = np.concatenate((order[_AT_ONCE:], self._look_at(order[:_AT_ONCE])))
            doubtful = np.unique(doubtful)

    def _look_at(self, rows: Rows) -> Rows:
        """Decide what each of ``rows``, in order of rank, is; what is doubtful then."""
        centres = np.union1d(np.flatnonzero(self._is_centre()), rows)
        asked, found = near(self._looks.of(rows), self._looks.of(centres))
        neighbours = np.split(centres[found], np.searchsorted(asked, np.arange(1, len(rows))))
        risen, shaken = [], [np.empty(0, np.int64)]
        for row, around in zip(rows.tolist(), neighbours, strict=True):
            standing = around[self._centres[around] == around]
            above = self._ahead(standing, row)
            was = self._centres[row]
            self._centres[row] = self._by_rank(standing[above])[0] if above.any() else row
            if self._centres[row] == row != was:
                risen.append(row)
                shaken.append(standing[~above & (standing != row)])
        self._win_over(np.array(risen, np.int64))
        orphans = np.flatnonzero(self._centres[self._centres] != self._centres)
        return np.concatenate((*shaken, orphans[self._centres[orphans] >= 0]))

    def _win_over(self, risen: Rows) -> None:
        """Members elsewhere that are near a new centre of higher rank than their own belong to that one."""
        if not len(risen):
            return
        first = self._by_rank(risen)[0]
        members = np.flatnonzero((self._centres >= 0) & ~self._is_centre())
        members = members[~self._ahead(self._centres[members], first)]
        asked, found = near(self._looks.of(risen), self._looks.of(members))
        for row, member in zip(risen[asked].tolist(), members[found].tolist(), strict=True):
            if self._ahead(np.array([row]), int(self._centres[member]))[0]:
                self._centres[member] = row

    def _is_centre(self) -> Flags:
        return np.asarray(self._centres == np.arange(len(self._centres)), np.bool_)

    def _by_rank(self, rows: Rows) -> Rows:
        """Rows, the highest rank first."""
        ranks = self._ranks[rows]
        return rows[np.lexsort((ranks[:, 1], ranks[:, 0]))]

    def _ahead(self, rows: Rows, than: int) -> Flags:
        """Which rows are of higher rank than one."""
        (first, second), ranks = self._ranks[than], self._ranks[rows]
        return np.asarray(np.where(ranks[:, 0] == first, ranks[:, 1] < second, ranks[:, 0] < first), np.bool_)

    def _centre_names(self) -> list[bytes]:
        return [self._names[row] if row >= 0 else b"" for row in self._centres.tolist()]

    def _changed(self, before: Sequence[bytes]) -> Mapping[bytes, bytes]:
        now = self._centre_names()
        was = [*before, *[b""] * (len(now) - len(before))]
        return {name: new for name, new, old in zip(self._names, now, was, strict=True) if new != old}


def _ranks(names: Sequence[bytes], pictures: Looks) -> Ranks:
    """Two words for each picture: the first drawn from its looks alone, the second, for those that look the same to the bit, from its name."""
    drawn = [
        blake2b(descriptor.tobytes() + pdq.tobytes(), digest_size=8).digest() + blake2b(name, digest_size=8).digest()
        for name, descriptor, pdq in zip(names, pictures.descriptors, pictures.pdqs, strict=True)
    ]
    return np.frombuffer(b"".join(drawn), ">u8").astype(np.uint64).reshape(len(names), 2)
