"""The measures that Prometheus reads; right also with several web processes, which share a folder of counts."""

from __future__ import annotations

from prometheus_client import Histogram

LATENCY = Histogram(
    "grace_request_seconds",
    "Seconds from the first byte of a request to its answer.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    LATENCY.labels(method, route, str(status)).observe(seconds)
