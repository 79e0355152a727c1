"""Running the jobs that are due, in the test's own transaction."""

from __future__ import annotations

import json
from contextlib import closing

from django.db import connection
from procrastinate.contrib.django import app


def run_due_jobs(most: int = 1_000) -> int:
    """Run what was deferred, and what that defers, until nothing is due; returns how many ran."""
    ran = 0
    while ran < most and (job := _take()):
        name, arguments = job
        app.tasks[name].func(**arguments)
        ran += 1
    return ran


def _take() -> tuple[str, dict[str, object]] | None:
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1")
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [row[0]])
    return row[1], json.loads(row[2]) if isinstance(row[2], str) else row[2]
