"""Links against the truth of the invented world: precision, recall, the largest circle, one new referral, the page.

    python benchmarks/bench_links.py [--size 200000] [--repeats 20]

A year of LEA JSON by the real intake, with its hash lists loaded; one in twenty accounts is on a line that about eight share
who have nothing else in common. Two processes take it in, one half of the year each, while a third connects what has come, as a worker does.

A pair is true where the world links the two by an account, a device or a file. Two recalls are printed: of the true pairs whose
documents both state what links them, and of all true pairs; and why each of the others is missed (an incomplete report leaves its
device out, a hotline names nobody).
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import ground

BATCH = 50
PROCESSES = 2
"""That take in, beside the one that connects."""
CONNECTED = 1_000
"""Referrals that come in before one job connects them."""
Pair = tuple[int, int]


def plan(size: int) -> object:
    from grace.simulate.plan import Form, WorldPlan

    return WorldPlan(seed=6, referrals=size, shared_share=0.05, near_share=0.0, forms=((Form.LEA_JSON, 1.0),))


@dataclass
class Truths:
    """Which reports the world links: by number, with what links each to its group; ``stated`` those whose documents say so."""

    stated: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    whole: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def add(self, truth: object) -> None:
        from grace.sdk.intake import Kind
        from grace.simulate.truth import Truth

        assert isinstance(truth, Truth)
        if truth.group is None or truth.number is None or not truth.readable:
            return
        kinds = {kind for kind, _ in truth.identifiers}
        for way in truth.linked_by:
            self.whole.setdefault((truth.group, way), set()).add(int(truth.number))
            if way != "device" or Kind.DEVICE in kinds:
                self.stated.setdefault((truth.group, way), set()).add(int(truth.number))

    def join(self, other: Truths) -> None:
        for mine, theirs in ((self.stated, other.stated), (self.whole, other.whole)):
            for key, numbers in theirs.items():
                mine.setdefault(key, set()).update(numbers)

    @staticmethod
    def pairs(groups: dict[tuple[str, str], set[int]]) -> set[Pair]:
        return {pair for members in groups.values() for pair in itertools.combinations(sorted(members), 2)}


def load_lists(world: object) -> None:
    from grace.accounts.viewer import operator
    from grace.pipeline.lists import import_list
    from grace.simulate.world import World, write_lists

    assert isinstance(world, World)
    with tempfile.TemporaryDirectory() as folder:
        write_lists(world.catalogue, Path(folder))
        for path in sorted(Path(folder).glob("*.csv")):
            with path.open("rb") as file:
                import_list(operator(), file, path.stem, source="benchmark")


def part_in(unit: UUID, world: object, places: range, told: Connection) -> None:
    """Take a part of the world in, in a process of its own; tells what is true of it, and the seconds that intake took."""
    from django.db import connection

    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.simulate.world import World

    assert isinstance(world, World)
    connection.close()
    intake, received, truths = Intake(unit, "benchmark", "system:benchmark"), 0.0, Truths()
    for start in range(places.start, places.stop, BATCH):
        documents = [world.document(place) for place in range(start, min(start + BATCH, places.stop))]
        for each in documents:
            truths.add(each.truth)
        begun = time.perf_counter()
        receive(intake, [Delivery(each.name, each.content) for each in documents if isinstance(each.content, bytes)])
        received += time.perf_counter() - begun
    told.send((truths, received))


def take_in(unit: UUID, world: object, size: int, truths: Truths) -> list[float]:
    """Take the world in by several processes, and connect what has come meanwhile; seconds of each thousand that was connected."""
    from django.db import connection

    from grace.links.models import Pending
    from grace.pipeline.groups import connect_waiting

    context, pipes, processes = multiprocessing.get_context("fork"), [], []
    bounds = [size * part // PROCESSES for part in range(PROCESSES + 1)]
    connection.close()
    begun = time.perf_counter()
    for first, end in itertools.pairwise(bounds):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=part_in, args=(unit, world, range(first, end), there))
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    connected: list[float] = []
    while any(not pipe.poll() for pipe in pipes) or Pending.objects.exists():
        if any(not process.is_alive() and not pipe.poll() for process, pipe in zip(processes, pipes, strict=True)):
            raise RuntimeError("A process that takes in has ended before its time.")
        if Pending.objects.count() < CONNECTED and any(not pipe.poll() for pipe in pipes):
            time.sleep(0.5)
            continue
        started = time.perf_counter()
        number = connect_waiting(unit)
        connected.append((time.perf_counter() - started) * CONNECTED / max(number, 1))
    whole = time.perf_counter() - begun
    seconds = []
    for pipe, process in zip(pipes, processes, strict=True):
        some, received = pipe.recv()
        truths.join(some)
        seconds.append(received)
        process.join()
    print(f"intake by {PROCESSES} processes beside the connecting and the inventing: {size / whole:.0f} a second, {whole / 60:.1f} minutes")
    print(f"intake alone took {sum(seconds) / size * 1000:.1f} ms a referral in its process")
    return connected


def found_pairs(unit: UUID) -> Iterator[Pair]:
    """Every pair that a strong link joins."""
    from grace.links.ground import Ground
    from grace.links.weights import weights
    from grace.referrals.models import Referral

    numbers = {key: int(external) for key, external in Referral.objects.filter(unit_id=unit).values_list("id", "external")}
    keys = sorted(numbers)
    for start in range(0, len(keys), CONNECTED):
        part = keys[start : start + CONNECTED]
        graph = Ground(unit)
        graph.load(part)
        for each in part:
            for other in graph.neighbours(each, weights().linked):
                if numbers[each] < numbers[other]:
                    yield numbers[each], numbers[other]


def quality(unit: UUID, truths: Truths) -> None:
    found, stated, whole = set(found_pairs(unit)), truths.pairs(truths.stated), truths.pairs(truths.whole)
    print(f"pairs: {len(found):,} linked, {len(whole):,} true, {len(stated):,} of these stated by both documents")
    print(f"precision {len(found & whole) / max(1, len(found)):.4f}   (bar: 0.99)")
    print(f"recall of all true pairs {len(found & whole) / max(1, len(whole)):.4f}   (bar: 0.95)")
    print(f"recall of the true pairs that both documents state {len(found & stated) / max(1, len(stated)):.4f}")
    missed = whole - found
    causes: dict[Pair, set[str]] = {}
    for (_, way), members in truths.whole.items():
        for pair in itertools.combinations(sorted(members), 2):
            if pair in missed:
                causes.setdefault(pair, set()).add(way)
    for names, number in Counter((" and ".join(sorted(some)), pair in stated) for pair, some in causes.items()).most_common():
        print(f"    {number:,} pairs missed that are linked by {names[0]} alone, {'' if names[1] else 'not '}stated by both documents")
    for pair in sorted(found - whole)[:5]:
        print(f"    not so: {pair}")
    for pair in sorted(stated - found)[:5]:
        ways = [way for (_, way), members in truths.stated.items() if members.issuperset(pair)]
        print(f"    missed: {pair} by {', '.join(ways)}")


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def one_more(unit: UUID, world: object, repeats: int) -> None:
    """One new referral, taken in and linked, again and again: each repeats the accounts of an old one under a new number."""
    from grace.pipeline.groups import connect_waiting
    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.simulate.world import World
    from tests.support.floods import renumbered

    assert isinstance(world, World)
    taken, linked = [], []
    for place in range(repeats):
        content = world.document(place * 7).content
        assert isinstance(content, bytes)
        document = Delivery("new.json", renumbered(content, 999_000_000 + place))
        taken.append(timed(partial(receive, Intake(unit, "benchmark", "system:benchmark"), [document])))
        linked.append(timed(partial(connect_waiting, unit)))
    print(
        f"one new referral: taken in {statistics.median(taken):.0f} ms, linked {statistics.median(linked):.0f} ms, worst {max(linked):.0f} ms   (bar: 1,000 ms)"
    )


def page_of_the_largest(client: object, unit: UUID, repeats: int) -> None:
    from django.test import Client

    from grace.links.models import Circle, Circled
    from grace.referrals.models import Referral

    assert isinstance(client, Client)
    size = Referral.objects.filter(unit_id=unit).count()
    circle = Circle.objects.filter(unit_id=unit).order_by("-members").first()
    assert circle is not None
    print(
        f"circles: {Circle.objects.filter(unit_id=unit, members__gt=1).count():,}, the largest of {circle.members}, {circle.members / size:.3%} of {size:,}   (bar: 1 %)"
    )
    times = []
    for referral in Circled.objects.filter(circle=circle).values_list("referral_id", flat=True)[:5]:
        address = f"/referrals/{referral}/links/"
        assert client.get(address, headers={"host": "localhost"}).status_code == 200
        times += [timed(partial(client.get, address, headers={"host": "localhost"})) for _ in range(repeats)]
    print(f"page of links: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms of {len(times)}   (bar: 300 ms)")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--size", type=int, default=200_000)
    asked.add_argument("--repeats", type=int, default=20)
    options = asked.parse_args()
    print(ground.machine())
    with ground.installation():
        from grace.simulate.plan import WorldPlan
        from grace.simulate.world import World
        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        unit = make_unit("Benchmark")
        alice = make_person("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
        made = plan(options.size)
        assert isinstance(made, WorldPlan)
        world, truths = World(made), Truths()
        load_lists(world)
        connected = take_in(unit.id, world, options.size, truths)
        print(
            f"connecting a thousand: median {statistics.median(connected):.2f} s, the last {connected[-1]:.2f} s, worst {max(connected):.2f} s"
        )
        quality(unit.id, truths)
        one_more(unit.id, world, options.repeats)
        page_of_the_largest(alice.client, unit.id, options.repeats)
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
