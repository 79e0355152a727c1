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
from grace.matching import standing

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
            yield from _indexes()
            up = 1.0
        except DatabaseError:
            connection.close()
            up = 0.0
        yield _age("grace_database_up", "Whether the database answered this reading.", up)


def _indexes() -> Iterator[Metric]:
    """The indexes of the lists and of what is held; nothing where their tables are not there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('matching_sweep') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
    whole = standing.whole()
    both = (whole.lists, whole.held)
    entries = GaugeMetricFamily("grace_index_entries", "Values in an index.", labels=["index", "kind"])
    for index in both:
        for each in index.kinds:
            entries.add_metric([index.name, each.algorithm], each.entries)
    yield entries
    for name, meaning, values in (
        ("grace_index_waiting", "Changes that wait for an index.", [float(each.waiting) for each in both]),
        ("grace_index_behind_seconds", "How long the oldest change has waited for an index.", [each.behind for each in both]),
        ("grace_index_lost", "Whether an index is not in the data folder.", [float(each.lost) for each in both]),
        ("grace_index_damaged", "Whether an index cannot be read.", [float(bool(each.damage)) for each in both]),
    ):
        family = GaugeMetricFamily(name, meaning, labels=["index"])
        for index, value in zip(both, values, strict=True):
            family.add_metric([index.name], value)
        yield family
    age = whole.newest_age if whole.newest_age is not None else float("nan")
    yield _age("grace_index_newest_entry_seconds", "Seconds since the newest entry came that every process finds.", age)
    waiting = whole.due + sum(each.total - each.done for each in whole.sweeps)
    yield _age("grace_rematch_waiting", "Changes, files and digests that are still to be asked of the lists again.", waiting)
    yield _age("grace_index_compiled", "Whether the loops of the index run compiled.", float(whole.compiled))


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
