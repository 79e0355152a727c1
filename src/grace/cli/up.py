"""``grace up``: everything under one supervisor."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import click

from grace.cli import house, present, web
from grace.host import account, database, environment, postgres, processes, secrets
from grace.host.environment import Environment
from grace.host.errors import NoDatabase, WrongSetting
from grace.host.processes import Child, Supervisor
from grace.intake.mailbox import account_of

READY_WITHIN = 60.0
"""Seconds until the web server must have accepted its first connection."""


@click.command("up")
def command() -> None:
    """Start everything: database, web, worker and the watched folder, if one is set. Ctrl-C stops it."""
    found = environment.read()
    check_watch(found)
    supervisor = Supervisor()
    supervisor.listen()
    with postgres.holding(found.home):
        secrets.make_missing(found)
        try:
            run(found, supervisor)
        finally:
            supervisor.stop()
    click.echo("GRACE has stopped.")


def check_watch(found: Environment) -> None:
    """Raise :class:`WrongSetting` where the watched folder lacks its unit, the unit its folder, or a mailbox's unit the mailbox."""
    if bool(found.watch) != bool(found.watch_unit):
        raise WrongSetting("GRACE_WATCH and GRACE_WATCH_UNIT belong together.", remedy="Set both, or neither.")
    if found.imap_unit:
        account_of(found)


def run(found: Environment, supervisor: Supervisor) -> None:
    """Start the children in order, say where to find them, and look after them."""
    listener = web.listen(found)
    _start_database(found, supervisor)
    if not present.is_present(found):
        _migrate()
    supervisor.add(_python("web", found, "--socket-fd", str(listener.fileno()), listener=listener))
    supervisor.add(_python("worker", found))
    if found.watch:
        supervisor.add(_python("receive", found, "--watch", str(found.watch), "--unit", found.watch_unit, "--patient"))
    if found.imap_unit:
        supervisor.add(_python("receive", found, "--imap", "--unit", found.imap_unit, "--patient", log="mailbox"))
    address = web.address_of(listener, found)
    supervisor.run(until=_Readiness(listener))
    if not supervisor.asked_to_stop:
        click.echo(f"GRACE is up: {address}   (data in {found.home}; Ctrl-C stops it)")
    supervisor.run()


def _start_database(found: Environment, supervisor: Supervisor) -> None:
    if not database.is_embedded(found):
        house.wait_for_database(found)
        return
    server = postgres.start(found.home, environment=found)
    supervisor.add(
        Child(
            "PostgreSQL",
            server.launch,
            signal.SIGINT,
            postgres.STOP_PATIENCE,
            process=server.process,
            started_at=time.monotonic(),
            log=server.log,
        )
    )


def _migrate() -> None:
    """Migrate in a process of its own, so that the supervisor stays small."""
    done = subprocess.run(_command("migrate"), check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise NoDatabase("The database could not be brought up to date.", remedy=done.stderr[-2000:].strip())


def _python(name: str, found: Environment, *arguments: str, listener: socket.socket | None = None, log: str = "") -> Child:
    """A child that is a ``grace`` command of its own."""
    descriptors = (listener.fileno(),) if listener else ()
    file = found.home / "log" / f"{log or name}.log"
    return Child(log or name, lambda: processes.spawn(_command(name, *arguments), file, pass_fds=descriptors), log=file)


def _command(*arguments: str) -> list[str]:
    return account.launching(Path(sys.executable), "-m", "grace.cli.main", *arguments, sign=signal.SIGKILL)


class _Readiness:
    """True once the web server answers; raises :class:`NoDatabase` when that takes too long."""

    def __init__(self, listener: socket.socket) -> None:
        self._target = listener.getsockname()[:2]
        self._until = time.monotonic() + READY_WITHIN

    def __call__(self) -> bool:
        if time.monotonic() > self._until:
            raise NoDatabase("The web server did not answer in time.", remedy="Read log/web.log in GRACE_HOME.")
        try:
            with socket.create_connection(self._target, timeout=0.5) as caller:
                caller.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return caller.recv(12).startswith(b"HTTP/1.")
        except OSError:
            return False
