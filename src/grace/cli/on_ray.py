"""Analysing anew on the machines of a Ray cluster (extra ``grace[ray]``): batches are handed out by Ray and worked off by the verb of a worker's job.

Every machine has an installation set up like a worker's: the same database, vault and keys. Through Ray pass numbers of files and
nothing else; no setting and no key, for Ray would keep and show them. What was done before a run broke off is not done again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from grace.cli import house
from grace.kernel.errors import GraceError, Unavailable

HERE = "here"
"""Instead of a cluster's address: processes on this machine, for the time of the run."""
AT_ONCE = 5_000
"""Batches that Ray is given at a time, so that the memory of whoever hands out is bounded."""
_TURNS = 8
"""Blocks for each process: small enough that one which ends early gets more."""
_STORE = 128 << 20
_ANSWERS_WITHIN = 5.0


class Analyst:
    """In a process that Ray has started: shows one batch of files after another to the analysers."""

    def __init__(self) -> None:
        house.set_up_django()

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """How many files were done; where the batch was refused, why. Any other fault ends the run."""
        from django.db import DatabaseError, close_old_connections

        from grace.pipeline.analyse import analyse_now

        files = [UUID(each) for each in batch["files"]]
        close_old_connections()
        try:
            analyse_now(files)
        except (GraceError, DatabaseError, OSError) as fault:
            return {"files": len(files), "fault": f"{type(fault).__name__}: {fault}"}
        return {"files": len(files), "fault": ""}


def analyse_on(address: str, processes: int, batches: Iterator[Sequence[UUID]], done: Callable[[int], None]) -> list[str]:
    """Work the batches off in so many processes of a cluster; ``done`` is told how many files, as they come. What batches were refused for.

    Raises ``Unavailable`` where Ray is not installed, or nobody answers at the address.
    """
    ray = _connected(address, processes)
    try:
        faults: list[str] = []
        for some in portions(batches, AT_ONCE):
            rows = ray.data.from_items(some, override_num_blocks=min(len(some), _TURNS * processes))
            for row in rows.map(Analyst, concurrency=processes, num_cpus=1).iter_rows():
                done(row["files"])
                faults += [row["fault"]] if row["fault"] else []
        return faults
    finally:
        ray.shutdown()


def portions(batches: Iterable[Sequence[UUID]], most: int) -> Iterator[list[dict[str, list[str]]]]:
    """The batches as Ray carries them, so many at a time."""
    left = iter(batches)
    while some := [{"files": [str(each) for each in batch]} for batch in islice(left, most)]:
        yield some


class _Away(Unavailable):
    def __init__(self) -> None:
        super().__init__("The Ray cluster does not answer.", remedy="Check the address, and that `ray status` works there.")


def _knock(address: str) -> None:
    """Ray itself asks again for many minutes where nobody listens."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_WITHIN).close()
    except OSError as failure:
        raise _Away from failure


def _connected(address: str, processes: int) -> Any:
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it would tell its makers how it is used
    try:
        import ray
        import ray.data
    except ImportError as missing:
        raise Unavailable("Ray is not installed.", remedy="pip install 'grace[ray]', on every machine of the cluster.") from missing
    _knock(address)
    quiet = {"include_dashboard": False, "log_to_driver": False, "configure_logging": False}
    try:
        if address == HERE:
            ray.init("local", num_cpus=processes, object_store_memory=_STORE, _node_ip_address="127.0.0.1", **quiet)
        else:
            ray.init(address, **quiet)
    except (ConnectionError, ValueError, RuntimeError) as failure:
        raise _Away from failure
    ray.data.DataContext.get_current().enable_progress_bars = False
    return ray
