"""The index follows the table of entries: at once for whoever asks, whole after a crash, and made anew where it is not there."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import shutil
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from uuid import UUID

import pytest
from django.db import connection, transaction

from grace.matching import follow, indexed, lists, standing
from grace.matching.digests import Digest
from grace.matching.index import delta
from grace.matching.index import store as stores
from grace.matching.load import load as load_list
from grace.matching.look_up import State, Why, look_up
from grace.matching.models import Change, Entry
from grace.sdk.analysis import Fingerprint

pytestmark = pytest.mark.usefixtures("committed_db")

WIDTHS = {"pdq": 32, "md5": 16, "sha1": 20, "sha256": 32}


def load(values: list[tuple[str, bytes]], name: str = "Known") -> None:
    lines = ["algorithm,value,category,source,note", *(f"{algorithm},{value.hex()},A,," for algorithm, value in values)]
    with transaction.atomic():
        load_list(io.BytesIO("\n".join(lines).encode()), name, source="hotline")


def some(number: int) -> list[tuple[str, bytes]]:
    return [(algorithm, os.urandom(width)) for _ in range(number) for algorithm, width in WIDTHS.items()]


def states(values: list[tuple[str, bytes]]) -> set[State]:
    digests = [Digest(algorithm, value) for algorithm, value in values if algorithm != "pdq"]
    return {
        answer.state for answer in look_up(digests, [Fingerprint("pdq", value, 90) for algorithm, value in values if algorithm == "pdq"])
    }


def test_what_is_loaded_is_known_before_the_index_follows_and_after() -> None:
    values = some(30)
    load(values)
    assert states(values) == {State.KNOWN}
    assert follow.compare() == []
    assert follow.follow().came == len(values)
    assert not Change.objects.exists()
    assert states(values) == {State.KNOWN}
    assert follow.compare() == []
    assert follow.follow() == follow.Followed()


def take_out(list_id: UUID) -> None:
    with transaction.atomic():
        lists.remove(list_id)


def test_what_leaves_a_list_is_unknown_at_once_and_leaves_the_index() -> None:
    kept, gone = some(5), some(5)
    load(kept)
    load(gone, "Other")
    follow.follow()
    take_out(Entry.objects.filter(value=gone[0][1]).get().hash_list_id)
    assert states(gone) == {State.NO_MATCH}
    assert states(kept) == {State.KNOWN}
    assert follow.follow().went == len(gone)
    stands = standing.standing()
    assert ({each.algorithm: each.entries for each in stands.kinds}, stands.waiting) == (dict.fromkeys(WIDTHS, 5), 0)
    assert follow.compare() == []


def test_deltas_and_bulk_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delta, "CAPACITY", 16)
    monkeypatch.setattr(delta, "_SLOTS", 64)
    monkeypatch.setattr(stores, "BULK", 40)
    everything: list[tuple[str, bytes]] = []
    for number in (3, 30, 50, 7, 120, 1):
        fresh = some(number)
        everything += fresh
        load(fresh, f"List {number}")
        follow.follow()
        assert follow.compare() == []
    assert states(everything) == {State.KNOWN}


def test_an_index_that_is_not_there_is_made_anew() -> None:
    values = some(10)
    load(values)
    follow.follow()
    origin = indexed.origin_now()
    assert origin
    shutil.rmtree(indexed.folder(origin))
    assert follow.lost()
    assert {answer.why for answer in look_up([Digest(*values[1])], [])} == {Why.INDEX}
    follow.tend()
    assert not follow.lost()
    assert states(values) == {State.KNOWN}
    assert follow.compare() == []


def test_rebuilding_forgets_the_old_index_and_what_waits_for_it() -> None:
    load(some(10))
    follow.follow()
    before = indexed.origin_now()
    load(some(10), "Other")
    assert follow.rebuild() == 80
    assert before
    assert not indexed.folder(before).exists()
    assert not Change.objects.exists()
    assert follow.compare() == []
    assert follow.damaged() == []


def _asking(told: Connection) -> None:
    """Another process: asks about what it is told, as often as it is told."""
    connection.close()
    while (value := told.recv()) is not None:
        told.send(look_up([], [Fingerprint("pdq", value, 90)])[0].state)


def test_another_process_sees_each_change_at_once() -> None:
    load(some(20))
    follow.follow()
    connection.close()
    mine, others = multiprocessing.get_context("fork").Pipe()
    process = multiprocessing.get_context("fork").Process(target=_asking, args=(others,))
    process.start()
    for place in range(6):
        value = os.urandom(32)
        load([("pdq", value)], f"List {place}")
        if place % 2:
            follow.follow()
        mine.send(value)
        assert mine.recv() is State.KNOWN
        take_out(Entry.objects.get(value=value).hash_list_id)
        mine.send(value)
        assert mine.recv() is State.NO_MATCH
    mine.send(None)
    process.join()


def _changing(seed: int, first: int, begun: Event) -> None:
    """A process that loads and removes lists, and follows, until it is killed. Its deltas are small, so that merges come often."""
    connection.close()
    connection.ensure_connection()
    begun.set()
    delta.CAPACITY, delta._SLOTS, stores.BULK = 64, 256, 120
    dice, place = random.Random(seed), first
    while True:
        place += 1
        if dice.random() < 0.3 and Entry.objects.exists():
            take_out(dice.choice(list(Entry.objects.values_list("hash_list_id", flat=True).distinct()[:20])))
        else:
            load(some(dice.choice([1, 5, 20, 60])), f"List {place}")
        follow.follow()


@pytest.mark.parametrize("moments", [10, pytest.param(100, marks=pytest.mark.soak)])
def test_killed_at_any_moment_it_is_what_the_table_says(moments: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delta, "CAPACITY", 64)
    monkeypatch.setattr(delta, "_SLOTS", 256)
    monkeypatch.setattr(stores, "BULK", 120)
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    for moment in range(moments):
        connection.close()
        forked = multiprocessing.get_context("fork")
        begun = forked.Event()
        process = forked.Process(target=_changing, args=(dice.randrange(1 << 32), 1_000_000 * moment, begun))
        process.start()
        assert begun.wait(60)
        time.sleep(dice.uniform(0.05, 0.8))
        process.kill()
        process.join()
        assert follow.compare() == [], f"before it is brought up to date, after kill {moment}"
        follow.follow()
        assert follow.compare() == [], f"after kill {moment}"
        assert follow.damaged() == []
    assert not Change.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM matching_entry_id_seq")
        assert cursor.fetchone()[0] > 1, "nothing was ever loaded: the processes never got so far"
