"""Ending parts of an installation as the kernel would, and measuring how long it is away."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from grace.host import database
from grace.host.database import Role
from tests.support.house import PATIENCE, House

WEB_CHILDREN = 2
"""As GRACE_WEB_WORKERS is by default."""
SERVING_AGAIN = 10.0
"""Seconds that an installation may be away after any of its processes was killed. Held by ``make soak`` only, on a machine that is free."""


def sql(house: House, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What the house's own database answers."""
    with psycopg.connect(database.embedded(house.home, Role.APP).url, autocommit=True) as connection:
        return connection.execute(statement, parameters or None).fetchall()


def _back_end(house: House) -> int:
    (row,) = sql(
        house, "SELECT pid FROM pg_stat_activity WHERE application_name = 'grace' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
    )
    return int(row[0])


def web_parent(house: House) -> int:
    """The process of the web server that the supervisor started."""
    assert house.process is not None
    (parent,) = [pid for pid in house.pids("grace.cli.main web") if parent_of(pid) == house.process.pid]
    return parent


def web_children(house: House) -> list[int]:
    """The processes that the web server's own parent started."""
    return [pid for pid in house.pids("grace.cli.main web") if parent_of(pid) == web_parent(house)]


def parent_of(pid: int) -> int:
    """The parent of a process; 0 for one that has gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
    except OSError:
        return 0


VICTIMS: Mapping[str, Callable[[House], int]] = {
    "web parent": web_parent,
    "web child": lambda house: web_children(house)[-1],
    "worker": lambda house: house.pids("grace.cli.main worker")[0],
    "postmaster": House.postmaster,
    "back end": _back_end,
}


def kill(house: House, victim: str) -> float:
    """Kill -9 the victim; the seconds until everything serves again."""
    pid = _killed(house, victim)
    begun = time.monotonic()
    house.wait_for(lambda: not Path(f"/proc/{pid}").exists() or pid not in house.pids(""), PATIENCE)
    house.wait_for(lambda: serves(house), PATIENCE)
    return time.monotonic() - begun


def _killed(house: House, victim: str) -> int:
    """The process that was killed. A back end may end by itself between being chosen and being killed: then another is."""
    while True:
        pid = VICTIMS[victim](house)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return pid


def serves(house: House) -> bool:
    """Whether referrals can be handed in, every process is there, and a worker has shown a sign of life just now."""
    said = house.ready()
    age = said.get("checks", {}).get("worker", {}).get("number")
    web = Counter(parent_of(pid) for pid in house.pids("grace.cli.main web"))
    return (
        said["ready"] is True
        and sorted(web.values()) == [1, WEB_CHILDREN]
        and bool(house.pids("grace.cli.main worker"))
        and age is not None
        and age < 3
    )
