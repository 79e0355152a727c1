"""Ending parts of an installation as the kernel would, and measuring how long it is away."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psycopg

from grace.host import database
from grace.host.database import Role
from tests.support.house import PATIENCE, House

SERVING_AGAIN = 10.0
"""Seconds that an installation may be away after any of its processes was killed."""


def allowed() -> float:
    """The same on a machine that is free; on a busy one, in proportion to how many wait for each of its processors."""
    return SERVING_AGAIN * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def sql(house: House, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What the house's own database answers."""
    with psycopg.connect(database.embedded(house.home, Role.APP).url, autocommit=True) as connection:
        return connection.execute(statement, parameters or None).fetchall()


def _back_end(house: House) -> int:
    (row,) = sql(
        house, "SELECT pid FROM pg_stat_activity WHERE application_name = 'grace' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
    )
    return int(row[0])


VICTIMS: Mapping[str, Callable[[House], int]] = {
    "web parent": lambda house: house.pids("grace.cli.main web")[0],
    "web child": lambda house: house.pids("grace.cli.main web")[-1],
    "worker": lambda house: house.pids("grace.cli.main worker")[0],
    "postmaster": House.postmaster,
    "back end": _back_end,
}


def kill(house: House, victim: str) -> float:
    """Kill -9 the victim; the seconds until everything serves again."""
    pid = VICTIMS[victim](house)
    os.kill(pid, signal.SIGKILL)
    begun = time.monotonic()
    house.wait_for(lambda: not Path(f"/proc/{pid}").exists() or pid not in house.pids(""), PATIENCE)
    house.wait_for(lambda: serves(house), PATIENCE)
    return time.monotonic() - begun


def serves(house: House) -> bool:
    """Whether referrals can be handed in, and a worker has shown a sign of life just now."""
    said = house.ready()
    age = said.get("checks", {}).get("worker", {}).get("number")
    return said["ready"] is True and bool(house.pids("grace.cli.main worker")) and age is not None and age < 3
