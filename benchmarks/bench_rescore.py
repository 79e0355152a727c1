"""Re-scoring after a change of rules: the rate, the queue meanwhile, and what a kill -9 in the middle leaves.

    python benchmarks/bench_rescore.py [REFERRALS] [KILLS]     (default 200,000 and 3)

The world is that of bench_queue.py, with assessments beside it: seventeen signals each, of which the counts and ages are drawn. A
real ``grace worker`` works as in an installation, also on its other jobs and on the numbering of the ledger. A new version is
published by two people; then one worker is killed KILLS times while a second version is worked in, and another is started.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import bench_queue
import ground

REFERRALS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
LIMIT = 180.0
"""Seconds in which 200,000 referrals are scored anew."""

ASSESSMENTS = """
INSERT INTO priority_assessment (referral_id, rules_id, completeness, actionability, urgency, novelty, floor, score, reasons, signals, assessed_at)
SELECT q.referral_id, s.id, q.completeness, q.actionability, q.urgency, q.novelty, q.floor, q.score, '{"floors": []}', to_jsonb(ARRAY[
    '["contact.account", true, "reported", "version"]'::jsonb, jsonb_build_array('contact.email_count', (random() * 3)::int, 'reported', 'version'),
    jsonb_build_array('contact.verified', random() < 0.4, 'reported', 'version'), jsonb_build_array('ip.count', 1 + (random() * 9)::int, 'reported', 'version'),
    jsonb_build_array('ip.precise_count', (random() * 4)::int, 'reported', 'version'), jsonb_build_array('ip.newest_age_days', round((random() * 60)::numeric, 2), 'reported', 'version'),
    jsonb_build_array('incident.type', q.incident_kind, 'reported', 'version'), jsonb_build_array('incident.age_days', round((random() * 90)::numeric, 2), 'reported', 'version'),
    '["incident.time_stated", true, "reported", "version"]', '["person.reported_count", 1, "reported", "version"]',
    jsonb_build_array('device.count', (random() * 1.2)::int, 'reported', 'version'), jsonb_build_array('zone.unknown_count', (random() * 4)::int, 'observed', 'version'),
    '["file.named_count", 3, "reported", "files"]', '["file.present_count", 3, "observed", "files"]', '["file.new_count", 2, "observed", "files"]',
    '["file.known_count", 1, "observed", "files"]', jsonb_build_array('sender.escalated', q.floor > 0, 'reported', 'version')]), now()
FROM casework_queue q JOIN priority_ruleset s ON s.unit_id = q.unit_id AND s.state = 'published'
"""
WRONG = """
SELECT count(*) FROM casework_queue q JOIN priority_assessment a USING (referral_id) WHERE q.status <> 'closed'
AND (q.floor, q.score, q.completeness, q.actionability, q.urgency, q.novelty) IS DISTINCT FROM (a.floor, a.score, a.completeness, a.actionability, a.urgency, a.novelty)
"""
IN_FORCE = "SELECT number FROM priority_ruleset WHERE state = 'published'"
VERSIONS = """
SELECT s.number, count(*) FROM casework_queue q JOIN priority_assessment a USING (referral_id) JOIN priority_ruleset s ON s.id = a.rules_id
WHERE q.status <> 'closed' GROUP BY s.number ORDER BY s.number
"""


def asked(text: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


def start(home: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "GRACE_HOME": str(home), "GRACE_LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "grace.cli.main", "worker"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def published(author: Any, other: Any, points: int) -> int:
    """Publish rules in which a device gives other points; the number of the version."""
    from grace.pipeline import rules
    from grace.priority.rules import base_rules

    body = base_rules()
    next(each for each in body["rules"] if each["id"] == "a-device")["points"] = points
    body["rules"].append(
        {
            "id": "ours",
            "axis": "actionability",
            "points": points,
            "when": [{"signal": "ip.precise_count", "at_least": 2}],
            "text": "several addresses",
        }
    )
    return rules.publish_rules(other.viewer, rules.edit_rules(author.viewer, body, "benchmark").number).number


def spent(*roots: int) -> float:
    """Seconds of processor time of these processes and of all that they started and that run: what a busy machine does not change."""
    parents, used = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            parents[int(folder.name)], used[int(folder.name)] = int(told[1]), int(told[11]) + int(told[12])
    mine = set(roots)
    while more := {child for child, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(used.get(each, 0) for each in mine) / os.sysconf("SC_CLK_TCK")


def postmaster(home: Path) -> int:
    return int(next(home.rglob("postmaster.pid")).read_text().split()[0])


def wait_for_worker(unit: Any) -> None:
    """Until a worker that was just started has done a job that finds nothing to do: its start is not what is measured."""
    from grace.pipeline import jobs

    jobs.rescore_unit(unit.id)
    while jobs.rescores(unit.id):
        time.sleep(0.2)


def stand(unit: Any) -> int:
    from grace.pipeline import jobs
    from grace.pipeline.rescore import left

    return 1 if jobs.rescores(unit.id) else left(unit.id)


def watch(unit: Any, get: Callable[[], float]) -> tuple[float, list[float]]:
    """Wait until nothing is left; the seconds, and how long the queue's page took meanwhile, about once a second."""
    begun, pages, asked_at = time.perf_counter(), [], 0.0
    while True:
        pages.append(get())
        time.sleep(1)
        if time.perf_counter() - asked_at > 2:
            asked_at = time.perf_counter()
            if not stand(unit):
                return time.perf_counter() - begun, pages


def told(name: str, times: list[float]) -> str:
    ranked = sorted(times)
    return f"{name}: median {statistics.median(ranked):.0f} ms, 95 % {ranked[int(0.95 * (len(ranked) - 1))]:.0f} ms, worst {ranked[-1]:.0f} ms of {len(ranked)}"


def main() -> None:
    print(ground.machine())
    with ground.installation() as home:
        from grace.kernel import clock
        from grace.pipeline.groups import definitions
        from grace.priority.publish import in_force
        from tests.support.ground import collect_static
        from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_person, make_unit

        collect_static()
        unit = make_unit("Harbour Unit")
        alice, bob = (make_person(name, unit, EVERYTHING_BUT_ACCOUNTS) for name in ("Alice", "Bob"))
        definitions(alice.viewer)
        in_force(unit.id, clock.now())
        bench_queue.fill(REFERRALS)
        owner(ASSESSMENTS)
        open_ones = sum(number for _, number in asked(VERSIONS))

        def page() -> float:
            return bench_queue.timed(lambda address: alice.client.get(address, headers={"host": "localhost"}), "/queue/")

        print("  " + told("the queue's page before", [page() for _ in range(30)]))
        worker = start(home)
        wait_for_worker(unit)
        number, before = published(alice, bob, 30), spent(worker.pid, postmaster(home))
        took, pages = watch(unit, page)
        processor = spent(worker.pid, postmaster(home)) - before
        rate = open_ones / took
        print(
            f"  {open_ones:,} open referrals scored by version {number} in {took:.1f} s: {rate:,.0f} a second, 200,000 in {200_000 / rate:.0f} s (bar: {LIMIT:.0f} s)"
        )
        print(
            f"  processor time of worker and database, its other jobs and what the page asks included: {1e6 * processor / open_ones:,.0f} us a referral, {200_000 * processor / open_ones:.0f} s for 200,000 (two processors give {2 * LIMIT:.0f} s)"
        )
        print("  " + told("the queue's page meanwhile", pages))
        print(f"  rows that say something else than their assessment: {asked(WRONG)[0][0]}")
        number = published(bob, alice, 5)
        for _ in range(KILLS):
            time.sleep(max(1.0, 0.2 * took))
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            print(f"  killed: by version {dict(asked(VERSIONS))}, in force {asked(IN_FORCE)[0][0]}, rows that differ {asked(WRONG)[0][0]}")
            worker = start(home)
        took, pages = watch(unit, page)
        print(f"  after {took:.1f} s more: by version {dict(asked(VERSIONS))}, rows that differ {asked(WRONG)[0][0]}")
        worker.terminate()
        worker.wait(30)
    os._exit(0)


def owner(statement: str) -> None:
    import psycopg

    from grace.host import database, environment
    from grace.host.database import Role

    with psycopg.connect(database.address(environment.read(), Role.OWNER).url, autocommit=True) as connection:
        connection.execute(statement)
        connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    sys.path.insert(0, ".")
    main()
