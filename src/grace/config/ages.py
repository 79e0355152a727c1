"""How long things have waited, in seconds, as the database knows it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.db import connection


def number(query: str) -> float | None:
    """The single number that a query answers."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else float(row[0])


def worker_age() -> float | None:
    """Seconds since the last sign of life of any worker; None where there is none."""
    return number("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")


def queue_lag() -> float | None:
    """Seconds for which the oldest job that is due has waited; None where none waits."""
    return number(
        "SELECT extract(epoch FROM now() - event.at) FROM procrastinate_jobs job"
        " JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'"
        " WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()) ORDER BY job.id LIMIT 1"
    )


def ledger_age() -> float:
    """Seconds for which the oldest ledger entry has waited for its number; 0 where none waits."""
    if not find_spec("grace.custody.ledger"):
        return 0.0
    return float(import_module("grace.custody.ledger").oldest_unsequenced_age())
