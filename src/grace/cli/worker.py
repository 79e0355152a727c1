"""``grace worker``: runs jobs, and numbers the ledger's new entries."""

from __future__ import annotations

import asyncio
import signal
import threading
from importlib import import_module
from importlib.util import find_spec

import click

from grace.cli import house
from grace.host import environment, secrets
from grace.host.environment import Environment


@click.command("worker")
@click.option("--jobs", type=click.IntRange(1, 64), help="Jobs at the same time; GRACE_WORKER_JOBS if not given.")
def command(jobs: int | None) -> None:
    """Run jobs. More workers, also on other machines, share the same database and vault."""
    found = environment.read()
    secrets.make_missing(found)
    house.set_up_django()
    house.warm_up_if_needed()
    stop = threading.Event()
    sequencer = threading.Thread(target=_sequence, args=(stop, found), name="sequencer")
    sequencer.start()
    try:
        asyncio.run(_run_until_asked(jobs or found.worker_jobs))
    finally:
        stop.set()
        sequencer.join(timeout=10)


async def _run_until_asked(jobs: int) -> None:
    from grace.cli import jobs as running
    from grace.evidence.decoding import here

    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, asked.set)
    await running.run_jobs(asked, jobs)
    here.stop()  # a long video must not keep us: threads are waited for


def _sequence(stop: threading.Event, found: Environment) -> None:
    """Number the ledger's entries until ``stop``; a database that goes away is waited for."""
    from django.db import InterfaceError, OperationalError, connection

    if not find_spec("grace.custody.ledger"):
        return
    ledger = import_module("grace.custody.ledger")
    while not stop.is_set():
        try:
            ledger.sequence_forever(stop, found.sequence_every)
        except (OperationalError, InterfaceError):
            stop.wait(0.5)
        finally:
            connection.close()
