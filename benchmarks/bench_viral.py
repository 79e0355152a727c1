"""A viral file in 50,000 reports: taken in by the real intake, grouped by the real jobs; the queue shows it as one line.

    python benchmarks/bench_viral.py [REPORTS]     (default 50,000: about ten minutes)

The reports come in in ten parts; after each, one worker runs the jobs that wait: what is measured is the work of grouping, as
wall time and as processor time of the worker and of the database's own process beside it. Scoring anew those that came
before their file was known to be viral is told apart.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import ground

REPORTS = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
PROCESSES = 2
BATCH = 50
PARTS = 10
BAR = 60.0
"""Seconds of worker time that grouping 50,000 may take."""
SEARCHES = 200


def receive_share(unit: str, number: int, part: int) -> None:
    """One receiving process: makes its share of a part of the reports and hands them in."""
    from grace.cli.house import set_up_django

    set_up_django()
    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.simulate.plan import viral_plan
    from grace.simulate.world import World

    world, intake = World(viral_plan(REPORTS)), Intake(UUID(unit), "benchmark", "system:benchmark")
    places = range(part * REPORTS // PARTS, (part + 1) * REPORTS // PARTS)[number::PROCESSES]
    for start in range(0, len(places), BATCH):
        documents = [world.document(place) for place in places[start : start + BATCH]]
        receive(intake, [Delivery(each.name, each.content) for each in documents if isinstance(each.content, bytes)])


@dataclass
class Spent:
    """What jobs cost: how many, wall seconds, the worker's own processor seconds, the database's."""

    jobs: int = 0
    wall: float = 0.0
    own: float = 0.0
    database: float = 0.0

    def __str__(self) -> str:
        return f"{self.jobs:,} jobs, {self.wall:.1f} s ({self.own:.1f} s of Python, {self.database:.1f} s of its PostgreSQL process)"


def run(queue: str, spent: Spent) -> None:
    """Run the jobs that wait in a queue, one after another."""
    from contextlib import closing

    from django.db import connection
    from procrastinate.contrib.django import app

    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
        cursor.execute(
            "WITH due AS (DELETE FROM procrastinate_jobs WHERE queue_name = %s RETURNING id, task_name, args) "
            "SELECT task_name, args::text FROM due ORDER BY id",
            [queue],
        )
        jobs = cursor.fetchall()
    wall, own, database = time.monotonic(), time.process_time(), _processor_seconds(pid)
    for name, arguments in jobs:
        app.tasks[name].func(**json.loads(arguments))
    spent.jobs += len(jobs)
    spent.wall += time.monotonic() - wall
    spent.own += time.process_time() - own
    spent.database += _processor_seconds(pid) - database


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def look(viewer: object) -> None:
    """What the queue shows, and whether every subject is found: all are counted, a sample is searched for by account."""
    from grace.casework import queue
    from grace.casework.queue import Filters
    from grace.links.models import Group, Member
    from grace.simulate.plan import viral_plan
    from grace.simulate.world import World

    group = Group.objects.get(kind="viral", members__gt=REPORTS // 2)
    rows = queue.page(viewer, Filters(), most=200).rows  # type: ignore[arg-type]  # a viewer
    lifted = sum(row.floor > 0 for row in rows)
    print(f"queue: {sum(row.stands for row in rows)} line for the group, {lifted} lifted out by a floor, {len(rows)} lines in all")
    print(f"group: {group.members:,} members counted, {Member.objects.filter(group=group).count():,} memberships with evidence")
    world, asked, found, begun = World(viral_plan(REPORTS)), 0, 0, time.monotonic()
    for place in range(0, REPORTS, max(1, REPORTS // SEARCHES)):
        account = next(value for kind, value in world.document(place).truth.identifiers if kind.value == "user_id")
        hits = queue.page(viewer, Filters(status="", text=account)).rows  # type: ignore[arg-type]  # a viewer
        asked, found = asked + 1, found + any(row.group_id == group.id for row in hits)
    each = 1000 * (time.monotonic() - begun) / asked
    print(f"search: {found} of {asked} subjects found inside the group, {each:.1f} ms each")


def take_in(unit: str, part: int) -> float:
    """Take a part in with two processes; seconds."""
    context, begun = multiprocessing.get_context("spawn"), time.monotonic()
    workers = [context.Process(target=receive_share, args=(unit, number, part)) for number in range(PROCESSES)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return time.monotonic() - begun


def main() -> None:
    print(ground.machine())
    with ground.installation():
        from django.db import connection

        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        unit = make_unit("Benchmark")
        alice = make_person("Alice", unit, EVERYTHING_BUT_ACCOUNTS)
        connection.close()
        grouping, scoring, intake = Spent(), Spent(), 0.0
        for part in range(PARTS):
            intake += take_in(str(unit.id), part)
            before = grouping.wall
            run("links", grouping)
            run("score", scoring)
            print(f"    part {part + 1}: grouped in {grouping.wall - before:.1f} s", flush=True)
        print(f"intake: {REPORTS:,} reports in {intake:.0f} s, {REPORTS / intake:.0f} a second, made and taken in")
        print(f"grouping: {grouping}, {1000 * grouping.wall / REPORTS:.2f} ms a report   (bar: {BAR:.0f} s for 50,000)")
        print(f"scoring anew, for what came before the file was known to be viral: {scoring}")
        look(alice.viewer)
        begun = time.monotonic()
        answer = alice.client.get("/queue/", headers={"host": "localhost"})
        print(f"queue page: {answer.status_code}, {1000 * (time.monotonic() - begun):.0f} ms")
    os._exit(0)


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
