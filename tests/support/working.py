"""A worker in the test's own process, for tests that follow an act to the end of its jobs."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, connections

from grace.cli import jobs


def work_off(patience: float = 30.0) -> None:
    """Run a worker until no job waits; jobs that are to be tried again later do not count. Fails after ``patience`` seconds."""

    async def run() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))  # one thread for all jobs, whose connection we can close
        asked = asyncio.Event()
        worker = asyncio.create_task(jobs.run_jobs(asked, 2))
        end = time.monotonic() + patience
        while await asyncio.get_running_loop().run_in_executor(None, _waiting) and time.monotonic() < end:  # noqa: ASYNC110 - what is waited for happens in the database
            await asyncio.sleep(0.05)
        asked.set()
        await worker
        await asyncio.get_running_loop().run_in_executor(None, _close)

    asyncio.run(run())
    assert _waiting() == 0


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))"
        )
        number = int(cursor.fetchone()[0])
    connection.close()
    return number


def _close() -> None:
    for each in connections.all(initialized_only=True):
        each.close()
