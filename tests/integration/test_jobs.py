"""Jobs outlive their workers and their database: none is lost, and none waits for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django import app

from grace.cli import jobs
from grace.config.jobs import LONGEST_WAIT, SHORT_WAIT, TRIES, Patience, may_pass
from grace.kernel.errors import Conflict, Unavailable
from tests.support import ground


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def job(seen: list[str], committed_db: None) -> Iterator[Any]:
    """A job that notes its argument, and fails as long as ``seen`` asks for it."""

    @app.task(name="tests.note", retry=Patience())
    def note(word: str) -> None:
        seen.append(word)
        if word == "database-away" and seen.count(word) == 1:
            raise OperationalError
        if word == "defers":
            with transaction.atomic():
                note.defer(word="never")
                transaction.set_rollback(True)
            note.defer(word="deferred")

    yield note
    del app.tasks["tests.note"]


def work(until: Callable[[], bool], patience: float = 20.0) -> None:
    """Run a worker until something is so."""

    async def run() -> None:
        asked = asyncio.Event()
        worker = asyncio.create_task(jobs.run_jobs(asked, 2))
        end = asyncio.get_running_loop().time() + patience
        while not until() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.05)
        asked.set()
        await worker

    asyncio.run(run())
    assert until()


def sql(query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with ground.connect_app(connection.settings_dict["NAME"]) as other:
        cursor = other.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []


def test_a_job_runs_and_is_cleared_away(job: Any, seen: list[str]) -> None:
    job.defer(word="once")
    work(lambda: seen == ["once"])
    assert sql("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tests.note'") == [(0,)]
    assert sql("SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_a_job_that_found_no_database_is_tried_again(job: Any, seen: list[str]) -> None:
    job.defer(word="database-away")
    work(lambda: seen.count("database-away") == 2)


def test_what_a_job_defers_belongs_to_its_transaction(job: Any, seen: list[str]) -> None:
    job.defer(word="defers")
    work(lambda: "deferred" in seen)
    assert "never" not in seen


def test_a_job_of_a_dead_worker_is_run_again(job: Any, seen: list[str]) -> None:
    number = job.defer(word="orphan")
    sql("INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE VALUES (1000, now() - interval '1 minute')")
    sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1000 WHERE id = %s", number)
    work(lambda: seen == ["orphan"])


def test_a_job_of_a_living_worker_is_left_alone(job: Any, seen: list[str]) -> None:
    number = job.defer(word="elsewhere")
    sql("INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE VALUES (1000, now() + interval '1 minute')")
    sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1000 WHERE id = %s", number)
    job.defer(word="mine")
    work(lambda: "mine" in seen)
    assert seen == ["mine"]


def test_a_job_that_this_worker_holds_in_the_database_alone_is_run_again(job: Any, seen: list[str]) -> None:
    """As after an end that could not be written because the database was away."""
    number = job.defer(word="unwritten")
    sql("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE id = %s", number)
    job.defer(word="first")

    def adopt() -> bool:
        if "first" in seen:
            sql(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers), scheduled_at = NULL"
                " WHERE id = %s AND scheduled_at IS NOT NULL",
                number,
            )
        return "unwritten" in seen

    work(adopt)


def test_the_worker_outlives_all_its_connections(job: Any, seen: list[str]) -> None:
    job.defer(word="before")
    number = job.defer(word="after")
    sql("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE id = %s", number)
    cut: list[int] = []

    def cut_all() -> bool:
        if "before" in seen and not cut:
            cut.extend(ground.end_connections(connection.settings_dict["NAME"]))
            sql("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE id = %s", number)
        return "after" in seen

    work(cut_all)
    assert cut


def test_patience_is_for_what_may_pass() -> None:
    assert may_pass(OperationalError())
    assert may_pass(Unavailable("away"))
    assert not may_pass(Conflict("changed"))
    assert not may_pass(ValueError())


@pytest.mark.parametrize(("attempts", "wait"), [(0, 1), (3, 8), (50, LONGEST_WAIT)])
def test_waits_grow_to_a_limit_but_for_a_lost_database(attempts: int, wait: int) -> None:
    from procrastinate.jobs import Job
    from procrastinate.utils import utcnow

    job = Job(id=1, status="doing", queue="q", lock=None, queueing_lock=None, task_name="t", attempts=attempts)
    assert Patience().get_retry_decision(exception=Conflict("changed"), job=job) is None
    unforeseen = Patience().get_retry_decision(exception=ValueError(), job=job)
    assert (unforeseen is None) == (attempts + 1 >= TRIES)
    full = OperationalError("No space left on device")
    full.__cause__ = psycopg.errors.DiskFull()
    for fault, expected in ((full, wait), (Unavailable("away"), wait), (OperationalError(), SHORT_WAIT), (_stopped(), SHORT_WAIT)):
        decision = Patience().get_retry_decision(exception=fault, job=job)
        assert decision is not None
        assert decision.retry_at is not None
        assert expected - 2 < (decision.retry_at - utcnow()).total_seconds() <= expected


def _stopped() -> OperationalError:
    """What a job meets while the server recovers."""
    fault = OperationalError("the database system is in recovery mode")
    fault.__cause__ = psycopg.errors.CannotConnectNow()
    return fault
