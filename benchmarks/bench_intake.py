"""Intake of small referrals, document to queue, in two processes with a worker beside them; speed by how full the base is.

    python benchmarks/bench_intake.py [REFERRALS]     (default 200,000: about half an hour)

Each referral: 7 kB of LEA JSON, 12 sightings, 2 persons, 4 named digests, a text of 450 characters that no other has; sealed with
fsync, read, recorded, looked up, scored, queued, its text analysed, and told to the ledger. A block counts only when its jobs are done and
its ledger entries are numbered.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import ground

from grace.simulate.plan import WorldPlan, load_plan

PROCESSES = 2
BATCH = 50


@dataclass(frozen=True)
class Workload:
    """What is taken in, in blocks that are timed one by one, and how fast it must be."""

    plan: WorldPlan
    block: int
    rate: float
    flatness: float


def small(referrals: int) -> Workload:
    return Workload(load_plan(referrals), min(10_000, referrals), 100, 0.8)


def receive_blocks(unit: str, number: int, pipe: Connection, work: Workload) -> None:
    """One receiving process: makes its share of a block when told to, then receives it when told to."""
    from grace.cli.house import set_up_django

    set_up_django()
    from grace.evidence import vault
    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.simulate.world import World

    world, intake = World(work.plan), Intake(UUID(unit), "benchmark", "system:benchmark")
    while (first := pipe.recv()) is not None:
        mine = [(place, world.document(place)) for place in range(first + number, first + work.block, PROCESSES)]
        deliveries = [Delivery(each.name, differing(each.content, place)) for place, each in mine if isinstance(each.content, bytes)]
        pipe.send("ready")
        pipe.recv()
        waited, used = vault.sync_seconds(), time.process_time()
        for start in range(0, len(deliveries), BATCH):
            receive(intake, deliveries[start : start + BATCH])
        pipe.send((vault.sync_seconds() - waited, time.process_time() - used))


def differing(content: bytes, place: int) -> bytes:
    """The document with a text that is told nowhere else: the world's reports say the same, and what is the same is analysed once."""
    return content.replace(b"The ferry left the quay", b"Ferry %d left the quay" % place)


def drained() -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing')), EXISTS (SELECT FROM custody_pending)"
        )
        return bool(cursor.fetchone() == (False, False))


def counted(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of ours
        return int(cursor.fetchone()[0])


def measure(work: Workload) -> None:
    """Take the whole of it in, and print the rate of each block."""
    print(ground.machine())
    with networks_placed(), ground.installation() as home, ground.worker(home):
        from grace.accounts.models import Unit

        unit = Unit.objects.create(name="Benchmark", slug="benchmark")
        context = multiprocessing.get_context("spawn")
        ends = [context.Pipe() for _ in range(PROCESSES)]
        workers = [context.Process(target=receive_blocks, args=(str(unit.id), place, ends[place][1], work)) for place in range(PROCESSES)]
        for each in workers:
            each.start()
        rates = [block(first, work.block, [end for end, _ in ends]) for first in range(0, work.plan.referrals, work.block)]
        for end, _ in ends:
            end.send(None)
        for each in workers:
            each.join()
        report(rates, work)
    os._exit(0)


@contextmanager
def networks_placed() -> Iterator[None]:
    """The table of the invented world's networks, so that every address is placed as it is in earnest."""
    from grace.simulate.world import write_networks

    with tempfile.TemporaryDirectory() as folder:
        write_networks(Path(folder) / "networks.csv")
        os.environ["GRACE_NETWORKS"] = str(Path(folder) / "networks.csv")
        yield


def block(first: int, size: int, pipes: list[Connection]) -> float:
    for pipe in pipes:
        pipe.send(first)
    for pipe in pipes:
        pipe.recv()
    begun = time.monotonic()
    for pipe in pipes:
        pipe.send("go")
    told = [pipe.recv() for pipe in pipes]
    while not drained():
        time.sleep(0.05)
    took = time.monotonic() - begun
    share = sum(fsync for fsync, _ in told) / PROCESSES / took
    used = 1000 * sum(cpu for _, cpu in told) / size
    print(
        f"{first + size:>9,} in: {size / took:6.0f} referrals/s   vault fsync {share:.0%} of the time   {used:.2f} ms of Python each",
        flush=True,
    )
    return size / took


def report(rates: list[float], work: Workload) -> None:
    tables = (
        "referrals_referral",
        "casework_queue",
        "priority_assessment",
        "routing_proposal",
        "referrals_identifier",
        "referrals_sighting",
        "custody_leaf",
        "analysis_text_run",
    )
    print("  ".join(f"{table.split('_')[1]} {counted(table):,}" for table in tables))
    overall = len(rates) / sum(1 / rate for rate in rates)
    print(
        f"intake: {overall:.0f} referrals/s over all, jobs drained (bar: {work.rate:.0f}); "
        f"last block at {rates[-1] / rates[0]:.2f} of the first (bar: {work.flatness})"
    )


if __name__ == "__main__":
    measure(small(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
