"""One kind of value in segments and deltas under a manifest: asked by any number of processes, changed by one at a time."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from grace.host import files
from grace.kernel.errors import Unavailable
from grace.matching.index import delta, layout, segment, tables
from grace.matching.index.delta import Delta
from grace.matching.index.engine import Engine, usual
from grace.matching.index.hits import NOTHING, Hits, firsts, joined, together
from grace.matching.index.layout import BLOCKS, NEAR, PROBES, Bits, Distances, Found, Ids, Plan, Rows, Words
from grace.matching.index.segment import Segment

WIDTHS = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
"""Bytes of a value of each kind."""
FINGERPRINT = "pdq"
BULK = 4 * delta.CAPACITY
"""Entries from which on a change is written as a segment at once."""
TIER = 4
"""A segment is merged with what is newer once that holds a quarter as many entries."""
WORN = 0.2
"""The share of removed entries from which on a segment is written anew."""
TAGS_SHARE = 12
"""A question whose plan counts more than this part of all rows in tags is answered by a scan: so many tags cost a tenth of one."""
ROWS_SHARE = 80
"""The same where more than this part of all rows would be fetched: one from anywhere costs some thirty times one in order."""
_ROOM = 1 << 20
"""Hits of one asking that there is room for without asking again; memory that nobody has written to costs nothing."""
_AT_ONCE = 64
"""Fingerprints that are asked for at once: bounds what is told of very near and very many values."""
_TRIES = 20


@dataclass(frozen=True, slots=True)
class View:
    """What stood in the manifest at one moment, mapped."""

    generation: int = 0
    segments: tuple[Segment, ...] = ()
    deltas: tuple[Delta, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.segments or self.deltas)

    @property
    def entries(self) -> int:
        """Entries that are not removed."""
        return sum(part.entries for part in self.segments) + sum(each.entries for each in self.deltas)


class _Room(threading.local):
    """Buffers of a thread, grown when they are too small."""

    def __init__(self) -> None:
        self.found: Found = _room_for(_ROOM)
        self.plan: Plan = _room_to_plan(_ROOM)

    def for_candidates(self, most: int) -> Plan:
        if len(self.plan[3]) < most:
            self.plan = _room_to_plan(most)
        firsts, ends, blocks, candidates = self.plan
        return firsts, ends, blocks, candidates[:most]

    def told(self, ask: Callable[[Found], int]) -> tuple[Ids, Rows, Distances]:
        """What ``ask`` finds, asked again where there was too little room."""
        while (used := ask(self.found)) > len(self.found[0]):
            self.found = _room_for(used)
        questions, rows, distances = self.found
        return (questions[:used].copy(), rows[:used].copy(), distances[:used].copy()) if used else _NO_ROWS


def _room_to_plan(most: int) -> Plan:
    runs = BLOCKS * PROBES
    return np.empty(runs, np.int64), np.empty(runs, np.int64), np.empty(BLOCKS, np.int64), np.empty(most, np.uint32)


def _room_for(many: int) -> Found:
    return np.empty(many, np.int64), np.empty(many, np.uint32), np.empty(many, np.uint16)


class Store:
    """The index of one kind of value. Reading needs no lock; :meth:`writing` is for one process at a time."""

    def __init__(self, folder: Path, kind: str, engine: Engine | None = None) -> None:
        self.folder, self.kind = folder, kind
        self._engine = engine
        self.width = -(-WIDTHS[kind] // 8)
        self._manifest = str(folder / "manifest.json")
        self._view = View()
        self._seen: tuple[int, int, int] = (0, 0, 0)
        self._lock = threading.Lock()
        self.room = _Room()

    @property
    def engine(self) -> Engine:
        """The loops that run; loaded when they are first needed."""
        return self._engine or usual()

    def words(self, values: Sequence[bytes]) -> Words:
        """Raw values as the index holds them."""
        return self.words_of(np.frombuffer(b"".join(values), np.uint8).reshape(len(values), WIDTHS[self.kind]))

    def words_of(self, values: Bits) -> Words:
        """The same of an array with a row of bytes for each value."""
        if self.kind != FINGERPRINT:
            return layout.plain(values)
        words = np.empty((len(values), 4), np.uint64)
        values = np.ascontiguousarray(values).view()
        values.flags.writeable = False  # one kind of argument, however the values came
        self.engine.scatter(values, layout.SCATTER, words)
        return words

    def view(self) -> View:
        """What stands in the manifest now."""
        for _ in range(_TRIES):
            stamp = _stamp(self._manifest)
            if stamp == self._seen:
                return self._view
            try:
                view = self.mapped(writable=False)
            except Unavailable:  # a merge may have replaced a file between its name being read and its being opened
                if _stamp(self._manifest) == stamp:
                    raise
                continue
            with self._lock:
                self._view, self._seen = view, stamp
            return view
        raise Unavailable("The index changes faster than it can be read.", remedy="Try again.")

    def find(self, values: Sequence[bytes]) -> Hits:
        """The entries that hold exactly the values asked for."""
        view = self.view()
        if not values or not view:
            return NOTHING
        asked = self.words(values)
        rows = np.empty(len(values), np.int64)
        found: list[Hits] = []
        for part in view.segments:
            self.engine.find(part.table.words, asked, rows)
            hits = np.flatnonzero(rows >= 0)
            ids, places = part.holders(rows[hits])
            found.append(Hits(hits[places], ids, np.zeros(len(ids), np.uint16)))
        for fresh in view.deltas:
            self.engine.latest(fresh.words, fresh.slots, asked, rows)
            found.append(self._fresh(fresh, partial(self.engine.hanging, fresh.previous, fresh.removed, len(fresh), rows)))
        return joined(found)

    def near(self, values: Sequence[bytes], limit: int = NEAR) -> Hits:
        """The entries within ``limit`` bits of the fingerprints asked for. More than 31 bits need a scan for each."""
        view = self.view()
        found: list[Hits] = []
        for start in range(0, len(values) if view else 0, _AT_ONCE):
            asked = self.words(values[start : start + _AT_ONCE])
            told = joined(list(self._near(view, asked, limit)))
            found.append(Hits(told.questions + start, told.ids, told.distances) if start else told)
        return together(found)

    def _near(self, view: View, asked: Words, limit: int) -> Iterator[Hits]:
        for part in view.segments:
            questions, rows, distances = self.room.told(partial(self._ask, part, asked, limit))
            if len(rows):
                ids, places = part.holders(rows)
                yield Hits(questions, ids, distances) if len(places) == len(rows) == 1 else Hits(questions[places], ids, distances[places])
        for fresh in view.deltas:
            if len(fresh):
                yield self._fresh(fresh, partial(self.engine.scan, fresh.words, len(fresh), asked, limit))

    def _ask(self, part: Segment, asked: Words, limit: int, room: Found) -> int:
        words, rows = part.table.words, len(part.table)
        if part.blocks is None or limit > NEAR:
            return self.engine.scan(words, rows, asked, limit, room)
        scratch = self.room.for_candidates(rows // ROWS_SHARE)
        return self.engine.nearest(words, part.blocks, asked, limit, rows // TAGS_SHARE, scratch, room)

    def _fresh(self, fresh: Delta, ask: Callable[[Found], int]) -> Hits:
        questions, rows, distances = self.room.told(ask)
        kept = fresh.removed[rows] == 0
        # An entry that was brought in again after a crash stands twice.
        kept[kept] = firsts(questions[kept], fresh.ids[rows[kept]])
        return Hits(questions[kept], fresh.ids[rows[kept]], distances[kept])

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """The right to change the index, waited for where another process has it."""
        files.private_folder(self.folder)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Writer(self)
        finally:
            os.close(descriptor)

    def left(self) -> tuple[Words, Ids]:
        """All pairs, in no order; the removed ones are left out."""
        view = self.view()
        return _together([*view.segments, *view.deltas], self.width)

    def check(self) -> list[str]:
        """The segments that are not as they were written."""
        return [part.folder.name for part in self.view().segments if not segment.check(part.folder)]

    def mapped(self, *, writable: bool) -> View:
        """What the manifest names, mapped anew."""
        generation, segments, deltas = _manifest(self.folder)
        return View(
            generation,
            tuple(segment.read(self.folder / name, writable=writable) for name in segments),
            tuple(delta.read(self.folder / name, self.width, writable=writable) for name in deltas),
        )


class Writer:
    """What the holder of the lock may do. Each change is visible to every process when its method returns."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.view = store.mapped(writable=True)

    def add(self, words: Words, ids: Ids) -> None:
        """Add pairs; one that is there already stands twice until the next merge, and is told once."""
        if len(ids) >= BULK:
            self._publish(segments=[*self.view.segments, self._write(tables.table(words, ids))])
            return
        place = 0
        while place < len(ids):
            if not self.view.deltas or len(self.view.deltas[-1]) == delta.CAPACITY:
                self._publish(deltas=[*self.view.deltas, self._fresh()])
            place += self.view.deltas[-1].append(words[place:], ids[place:], self.store.engine)

    def remove(self, words: Words, ids: Ids) -> int:
        """Remove pairs; how many were there."""
        gone = np.zeros(len(ids), np.bool_)
        rows = np.empty(len(ids), np.int64)
        for part in self.view.segments:
            self.store.engine.find(part.table.words, words, rows)
            for place in np.flatnonzero(rows >= 0):
                gone[place] |= part.remove(int(rows[place]), int(ids[place]))
        for fresh in self.view.deltas:
            self.store.engine.latest(fresh.words, fresh.slots, words, rows)
            questions, held, _ = self.store.room.told(partial(self.store.engine.hanging, fresh.previous, fresh.removed, len(fresh), rows))
            same = fresh.ids[held] == ids[questions]
            fresh.removed[held[same]] = 1
            gone[questions[same]] = True
        return int(gone.sum())

    def sync(self) -> None:
        """Let the disk have what was added and removed."""
        for part in self.view.segments:
            files.sync(part.folder / "removed.bin")
        for fresh in self.view.deltas:
            files.sync(fresh.path)

    def merge(self) -> bool:
        """Merge once what is due; whether anything was.

        Full deltas go together with the newest segments, as long as each is not much larger than what is newer; a segment
        that many entries have left is written anew.
        """
        full = [each for each in self.view.deltas if len(each) == delta.CAPACITY]
        size = sum(map(len, full))
        newest: list[Segment] = []
        for part in reversed(self.view.segments):
            if size and len(part.table.ids) >= TIER * size:
                break
            newest.append(part)
            size += len(part.table.ids)
        if full or len(newest) > 1:
            self._replace([*newest, *full])
            return True
        worn = [part for part in self.view.segments if part.entries < (1 - WORN) * len(part.table.ids)]
        self._replace(worn[:1])
        return bool(worn)

    def compact(self) -> None:
        """Merge everything into one segment."""
        self._replace([*self.view.segments, *self.view.deltas])

    def replace(self, words: Words, ids: Ids) -> None:
        """Let the index hold these pairs and nothing else."""
        before = self.view
        self._publish(segments=[self._write(tables.table(words, ids))] if len(ids) else [], deltas=[])
        self._drop([*before.segments, *before.deltas])

    def _replace(self, parts: Sequence[Segment | Delta]) -> None:
        if not parts:
            return
        made = tables.table(*_together(parts, self.store.width))
        fresh = [self._write(made)] if len(made) else []
        gone = {id(part) for part in parts}
        self._publish(
            segments=[*(part for part in self.view.segments if id(part) not in gone), *fresh],
            deltas=[each for each in self.view.deltas if id(each) not in gone],
        )
        self._drop(parts)

    def _write(self, made: tables.Table) -> Segment:
        folder = self.store.folder / f"segment-{self.view.generation + 1:08d}-{secrets.token_hex(4)}"
        segment.write(folder, made, blocked=self.store.kind == FINGERPRINT, engine=self.store.engine)
        return segment.read(folder, writable=True)

    def _fresh(self) -> Delta:
        path = self.store.folder / f"delta-{self.view.generation + 1:08d}-{secrets.token_hex(4)}.bin"
        delta.make(path, self.store.width)
        return delta.read(path, self.store.width, writable=True)

    def _publish(self, *, segments: Sequence[Segment] | None = None, deltas: Sequence[Delta] | None = None) -> None:
        """Let the manifest name these parts, from one moment to the next."""
        self.view = replace(
            self.view,
            generation=self.view.generation + 1,
            segments=self.view.segments if segments is None else tuple(segments),
            deltas=self.view.deltas if deltas is None else tuple(deltas),
        )
        told = {
            "generation": self.view.generation,
            "segments": [part.folder.name for part in self.view.segments],
            "deltas": [each.path.name for each in self.view.deltas],
        }
        draft = self.store.folder / "manifest.draft"
        draft.write_text(json.dumps(told), encoding="ascii")
        files.sync(draft)
        draft.replace(self.store.folder / "manifest.json")
        files.sync(self.store.folder)

    def _drop(self, parts: Sequence[Segment | Delta]) -> None:
        for part in parts:
            if isinstance(part, Segment):
                shutil.rmtree(part.folder, ignore_errors=True)
            else:
                part.path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a crash left: files that the manifest does not name."""
        named = {part.folder for part in self.view.segments} | {each.path for each in self.view.deltas}
        for path in self.store.folder.iterdir():
            if path.name.startswith(("segment-", "delta-")) and path not in named:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def _together(parts: Sequence[Segment | Delta], width: int) -> tuple[Words, Ids]:
    """All pairs of these parts but the removed ones, in no order."""
    pieces = [(np.empty((0, width), np.uint64), np.empty(0, np.int64)), *(part.left() for part in parts)]
    return np.concatenate([words for words, _ in pieces]), np.concatenate([ids for _, ids in pieces])


_NO_ROWS = np.empty(0, np.int64), np.empty(0, np.uint32), np.empty(0, np.uint16)


def _stamp(manifest: str) -> tuple[int, int, int]:
    try:
        found = os.stat(manifest)  # noqa: PTH116 - asked at every question: a Path takes three times as long
    except FileNotFoundError:
        return (0, 0, 0)
    return found.st_ino, found.st_mtime_ns, found.st_size


def _manifest(folder: Path) -> tuple[int, list[str], list[str]]:
    try:
        told = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        return 0, [], []
    return told["generation"], told["segments"], told["deltas"]
