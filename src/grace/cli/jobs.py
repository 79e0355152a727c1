"""The loop that runs jobs, made to outlive its database.

A job is taken back and run again when its worker died (no heartbeat), or when it ended but the end could not be written
because the database was away. Jobs are therefore written so that a second run changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate import App
from procrastinate.contrib.django import app as house_app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from procrastinate.jobs import DeleteJobCondition
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

log = logging.getLogger("grace.worker")

HEARTBEAT = 1.0
"""Seconds between two signs of life of a worker."""
STALLED_AFTER = 6.0
"""Seconds without one after which its jobs are run again."""
RESCUE_EVERY = 2.0
ASK_FOR_JOBS_EVERY = 0.2
"""Seconds between two questions for a job that nobody told of: one that waited for another with the same lock is found so alone."""
STOP_PATIENCE = 5.0
"""Seconds that running jobs get to end when the worker is asked to stop; then they are left for the next start."""
ASK_AGAIN = 0.3
"""Seconds between two attempts to reach a database that is away."""
OPENING = 3.0
"""Seconds for the pool's first connection."""
_AWAY = (ConnectorException, psycopg.OperationalError, psycopg.InterfaceError, TimeoutError)

_SUSPECT = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %(mine)s AND id <> ALL(%(running)s)"
"""Jobs that this worker holds in the database but does not run: just fetched, or ended while the database was away."""

_LOST = """
    UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, queueing_lock = NULL, attempts = attempts + 1
    WHERE id IN (
        SELECT job.id FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND (
            worker.id IS NULL
            OR worker.last_heartbeat < now() - %(stalled)s::float * interval '1 second'
            OR job.id = ANY(%(suspects)s))
        FOR UPDATE OF job SKIP LOCKED)
    RETURNING id, task_name
"""
"""Jobs whose worker is gone, and those under suspicion twice. Without its queueing lock a job never collides with its successor."""


class _Running:
    """Which jobs this process runs, kept by a middleware around every job."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.worker_id: int | None = None

    async def watch(self, call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
        """Run the job, and know that it runs."""
        self.worker_id = worker.worker_id
        if context.job.id is None:
            return await call_next()
        self.ids.add(context.job.id)
        try:
            return await call_next()
        finally:
            asyncio.get_running_loop().call_later(RESCUE_EVERY, self.ids.discard, context.job.id)  # its end is being written


async def run_jobs(asked_to_stop: asyncio.Event, jobs: int) -> None:
    """Run jobs until asked to stop, starting again whenever the database comes back."""
    while not asked_to_stop.is_set():
        try:
            await _greet_database()
            await _run_app(_worker_app(jobs), asked_to_stop, jobs)
        except _AWAY as failure:
            log.warning("the database is away (%s); waiting for it", type(failure).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(asked_to_stop.wait(), ASK_AGAIN)


async def _run_app(app: App, asked_to_stop: asyncio.Event, jobs: int) -> None:
    try:
        async with asyncio.timeout(OPENING):  # by itself a pool waits 30 s for a first connection that it does not try for again
            await app.open_async()
        await _run_once(app, asked_to_stop, jobs)
    finally:
        await app.close_async()


async def _greet_database() -> None:
    """Raise at once where the database is away: a pool that opens meanwhile would ask it ever more slowly."""
    await (await psycopg.AsyncConnection.connect(**_address())).close()


def _address() -> dict[str, Any]:
    """How to reach the database, and how many seconds to try."""
    return {**connector_params(), "connect_timeout": 3}


def _worker_app(jobs: int) -> App:
    """The house's jobs over a pool of the worker's own.

    The house's app stays as it is: what a job defers goes through Django's connection, in the job's own transaction.
    """
    connector = PsycopgConnector(kwargs=_address(), min_size=1, max_size=jobs + 4, timeout=2.0, reconnect_timeout=0.5)
    app = App(connector=connector, worker_defaults=house_app.worker_defaults)
    app.tasks = house_app.tasks
    app.periodic_registry = house_app.periodic_registry
    return app


async def _run_once(app: App, asked_to_stop: asyncio.Event, jobs: int) -> None:
    running = _Running()
    tasks = [
        asyncio.create_task(
            app.run_worker_async(
                name="grace",
                concurrency=jobs,
                install_signal_handlers=False,
                fetch_job_polling_interval=ASK_FOR_JOBS_EVERY,
                shutdown_graceful_timeout=STOP_PATIENCE,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED_AFTER,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                worker_middleware=[running.watch],
            )
        ),
        asyncio.create_task(_rescue(running)),
        asyncio.create_task(asked_to_stop.wait()),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for result in ended:
        if isinstance(result, Exception):
            raise result


async def _rescue(running: _Running) -> None:
    """Give back, every few seconds, the jobs that nobody runs any more."""
    suspects: set[int] = set()
    async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as connection:
        while True:
            cursor = await connection.execute(_LOST, {"stalled": STALLED_AFTER, "suspects": list(suspects - running.ids)})
            for job_id, task_name in await cursor.fetchall():
                log.warning("job %s (%s) lost its worker and is run again", job_id, task_name)
            cursor = await connection.execute(_SUSPECT, {"mine": running.worker_id, "running": list(running.ids)})
            suspects = {row[0] for row in await cursor.fetchall()}
            await asyncio.sleep(RESCUE_EVERY)
