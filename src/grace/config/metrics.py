"""The measures that Prometheus reads; right also with several web processes, which share a folder of counts."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from psycopg import sql

from grace.config import ages

LATENCY = Histogram(
    "grace_request_seconds",
    "Seconds from the first byte of a request to its answer.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request. A method that nobody knows counts as OTHER: a caller must not make new time series."""
    LATENCY.labels(method if method in METHODS else "OTHER", route, str(status)).observe(seconds)


def page() -> bytes:
    """All measures as Prometheus text: the requests of all processes of this server, and what the database holds."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(_RequestsOfThisProcess())
    registry.register(_Installation())
    return generate_latest(registry)


class _RequestsOfThisProcess(Collector):
    """The histogram alone, where a single process serves."""

    def collect(self) -> Iterator[Metric]:
        """The families of the default registry that are ours."""
        return (family for family in REGISTRY.collect() if family.name.startswith("grace_"))


class _Installation(Collector):
    """What the database says, asked at each reading, so that it needs no counting along the way."""

    def collect(self) -> Iterator[Metric]:
        """Referrals by state, jobs by state, and ages in seconds."""
        try:
            yield _by_state("grace_referrals", "Referrals in the queue by state.", "casework_queue", "status")
            yield _by_state("grace_jobs", "Jobs by state; those done are removed.", "procrastinate_jobs", "status")
            yield _age("grace_oldest_job_seconds", "How long the oldest job that is due has waited.", ages.queue_lag() or 0.0)
            yield _age("grace_ledger_unsequenced_seconds", "How long the oldest ledger entry has waited for its number.", ages.ledger_age())
            yield _age(
                "grace_worker_silent_seconds", "Seconds since the last sign of life of any worker.", ages.worker_age() or float("nan")
            )
            up = 1.0
        except DatabaseError:
            connection.close()
            up = 0.0
        yield _age("grace_database_up", "Whether the database answered this reading.", up)


def _age(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)


def _by_state(name: str, meaning: str, table: str, column: str) -> GaugeMetricFamily:
    """Rows of a table by the value of a column; none where the table is not there."""
    family = GaugeMetricFamily(name, meaning, labels=["state"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone()[0]:
            query = sql.SQL("SELECT {}::text, count(*) FROM {} GROUP BY 1 ORDER BY 1")
            cursor.execute(query.format(sql.Identifier(column), sql.Identifier(table)))
            for state, count in cursor.fetchall():
                family.add_metric([state], count)
    return family
