"""Links against the truth of the invented world: precision, recall, the largest circle, one new referral, the page.

    python benchmarks/bench_links.py [--size 200000] [--repeats 20]

A year of LEA JSON by the real intake, with its hash lists loaded; one in twenty accounts is on a line that about eight share
who have nothing else in common. A pair is true where the world links the two by an account, a device or a file, and where their
documents state it (an incomplete report leaves its device out, a hotline names nobody); the recall of all pairs, stated or not, is printed beside it.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import ground

BATCH = 50
CONNECTED = 1_000
"""Referrals that come in before one job connects them."""
Pair = tuple[int, int]


def plan(size: int) -> object:
    from grace.simulate.plan import Form, WorldPlan

    return WorldPlan(seed=6, referrals=size, shared_share=0.05, near_share=0.0, forms=((Form.LEA_JSON, 1.0),))


class Truths:
    """Which reports the world links: by number, with what links each to its group."""

    def __init__(self) -> None:
        self.stated: dict[tuple[str, str], set[int]] = {}
        self.whole: dict[tuple[str, str], set[int]] = {}

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


def take_in(unit: UUID, world: object, size: int, truths: Truths) -> tuple[float, list[float]]:
    """Take the world in; seconds of intake, and of each job that connects a thousand."""
    from grace.pipeline.groups import connect_waiting
    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.simulate.world import World

    assert isinstance(world, World)
    intake, received, connected = Intake(unit, "benchmark", "system:benchmark"), 0.0, []
    for start in range(0, size, BATCH):
        documents = [world.document(place) for place in range(start, min(start + BATCH, size))]
        for each in documents:
            truths.add(each.truth)
        begun = time.perf_counter()
        receive(intake, [Delivery(each.name, each.content) for each in documents if isinstance(each.content, bytes)])
        received += time.perf_counter() - begun
        if (start + BATCH) % CONNECTED == 0 or start + BATCH >= size:
            begun = time.perf_counter()
            connect_waiting(unit)
            connected.append(time.perf_counter() - begun)
    return received, connected


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
    precision, recall = len(found & whole) / max(1, len(found)), len(found & stated) / max(1, len(stated))
    print(f"pairs: {len(found):,} linked, {len(stated):,} true and stated, {len(whole):,} true")
    print(
        f"precision {precision:.4f} (bar: 0.99)   recall {recall:.4f} (bar: 0.95)   of all true pairs {len(found & whole) / len(whole):.4f}"
    )
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
        received, connected = take_in(unit.id, world, options.size, truths)
        print(f"intake: {options.size / received:.0f} a second in one process")
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
