"""Inside the scratch installation: invent the world, take it in by the verbs of every intake, let a real worker work, measure."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grace.cli.validation import plan as plans
from grace.host import account, environment, files, launch, postgres, processes, remains, secrets
from grace.host.environment import Environment
from grace.kernel.errors import Unavailable
from grace.simulate.plan import Form
from grace.simulate.truth import Truth
from grace.simulate.world import World, write_lists, write_networks, zipped

if TYPE_CHECKING:
    from datetime import datetime

    from grace.accounts.viewer import Viewer
    from grace.cli.validation.played import Arrived, Echo, Played
    from grace.pipeline.receive import Intake

BATCH = 25
WORKING = 1_800.0
"""Seconds after which jobs that are not done are a fault."""


def play(referrals: int, seed: int, parent: int) -> None:
    """Play a world in the installation that GRACE_HOME names; what was found is written into it as ``found.json``.

    Where ``parent`` is killed meanwhile, everything is stopped and the scratch (the folder around GRACE_HOME) removed.
    """
    signal.signal(signal.SIGTERM, _leave)
    launch.die_with_parent(parent, signal.SIGTERM)
    found = environment.read()
    files.private_folder(found.home)
    write_networks(found.home / "networks.csv")
    try:
        with _house(found):
            told = _measure(_played(found, referrals, seed))
        (found.home / "found.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    finally:
        if os.getppid() != parent:  # nobody is left who would clear away
            remains.end(found.home)  # a server that was being started when the end came is not known to whoever stops servers
            shutil.rmtree(found.home.parent, ignore_errors=True)


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(1)


@contextmanager
def _house(found: Environment) -> Iterator[None]:
    """Keys, a database and Django, all of its own."""
    from grace.cli import house

    secrets.make_missing(found)
    with postgres.holding(found.home):
        server = postgres.start(found.home, environment=found)
        try:
            house.set_up_django()
            from django.core.management import call_command

            from grace.cli import migration

            migration.bring_up_to_date(found)
            files.private_folder(Path(found.static))
            call_command("collectstatic", interactive=False, verbosity=0)
            yield
        finally:
            server.stop()


def _played(found: Environment, referrals: int, seed: int) -> Played:
    """Take everything in while a worker works beside, and wait until it is done."""
    from grace.cli.validation.played import Played

    world = World(plans.plan_for(referrals, seed))
    viewer = _viewer()
    viral_from = _define(viewer, plans.viral_from(referrals))
    write_lists(world.catalogue, found.home / "lists")
    _import_lists(found.home / "lists", world.plan.start)
    with _worker(found):
        began = time.monotonic()
        arrived, intake = _take_in(world, viewer)
        _wait_for_jobs()
        whole = time.monotonic() - began
    return Played(world, found.home, viewer, arrived, viral_from, {"intake": intake, "jobs": whole})


def _measure(played: Played) -> dict[str, Any]:
    from django.conf import settings

    from grace.cli.validation import facts, grouped, known, lost, states, times, urgent

    settings.ALLOWED_HOSTS = ["localhost"]
    sections = [each.section(played).told() for each in (facts, states, known, urgent, grouped, times, lost)]
    plan = played.world.plan
    return {
        "world": {
            "referrals": plan.referrals,
            "documents": len(played.arrived),
            "seed": plan.seed,
            "start": plan.start.isoformat(),
            "days": plan.days,
        },
        "sections": [sections[-1], *sections[:-1]],  # the ledger is verified last, and told first
        "machine": times.machine(),
        "versions": times.versions(),
    }


def _viewer() -> Viewer:
    """An officer of a unit, who may do everything."""
    from grace.accounts.capabilities import Capability
    from grace.accounts.viewer import Viewer, operator
    from grace.pipeline.accounts import create_officer, create_unit

    unit = create_unit(operator(), "Validation")
    officer, _word = create_officer(operator(), unit, "validation", "Validation", set(Capability))
    return Viewer(officer.id, unit.id, frozenset(Capability), "triage")


def _define(viewer: Viewer, viral: int) -> int:
    """Let fewer reports than usual make a file viral, as the world is small; a unit edits its definition in the same way."""
    from grace.pipeline.groups import definitions, edit_definition

    present = definitions(viewer)[0]
    body = {**present.body, "viral": {**present.body["viral"], "threshold": viral}}
    edit_definition(viewer, body, "The world of the validation is small.", seen=present.number)
    return viral


def _import_lists(folder: Path, at: datetime) -> None:
    """Load the world's lists at its beginning: what a list knows, it knew before it was found."""
    from grace.accounts.viewer import operator
    from grace.kernel import clock
    from grace.pipeline.lists import import_list

    for path in sorted(folder.glob("*.csv")):
        with path.open("rb") as stream, clock.held(at):
            import_list(operator(), stream, path.stem, source=path.stem)


@contextmanager
def _worker(found: Environment) -> Iterator[None]:
    """A ``grace worker``, which dies with us."""
    command = account.launching(Path(sys.executable), "-m", "grace.cli.main", "worker", sign=signal.SIGKILL)
    process = processes.spawn(command, found.home / "log" / "worker.log")
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True, slots=True)
class _Sent:
    """A document on its way in."""

    name: str
    content: bytes
    truth: Truth
    form: Form
    echo: Echo | None = None


def _take_in(world: World, viewer: Viewer) -> tuple[list[Arrived], float]:
    """Receive the world, each batch at the time at which it arrives there; the seconds that intake itself took."""
    from grace.kernel import clock
    from grace.pipeline.receive import Intake

    intake = Intake(viewer.unit_id, "validation", "system:validate")
    arrived: list[Arrived] = []
    took = 0.0
    sent = _sent(world)
    with click.progressbar(length=world.plan.referrals, label="Taking in an invented world", show_pos=True, file=sys.stderr) as bar:
        while batch := list(islice(sent, BATCH)):
            began = time.monotonic()
            with clock.held(batch[-1].truth.arrives_at):
                arrived += _receive(intake, batch, len(arrived))
            took += time.monotonic() - began
            bar.update(sum(each.echo is None for each in batch))
    return arrived, took


def _sent(world: World) -> Iterator[_Sent]:
    """The world's documents in the order of their arrival, then those that come again."""
    from grace.cli.validation.played import Echo

    for index in range(world.plan.referrals):
        each = world.document(index)
        content = each.content if isinstance(each.content, bytes) else zipped(each.content)
        yield _Sent(each.name, content, each.truth, each.truth.form)
    last = world.document(world.plan.referrals - 1).truth.arrives_at
    for index, form in plans.other_forms(world):
        yield _Sent(*plans.in_form(world, index, form), replace(world.document(index).truth, arrives_at=last), form, Echo.FORM)
    for index in plans.other_numbers(world):
        yield _Sent(*plans.renumbered(world, index), replace(world.document(index).truth, arrives_at=last), Form.LEA_JSON, Echo.NUMBER)


def _receive(intake: Intake, batch: list[_Sent], before: int) -> Iterator[Arrived]:
    from grace.cli.validation.played import Arrived
    from grace.pipeline.receive import Delivery, receive

    receipts = receive(intake, [Delivery(each.name, each.content) for each in batch])
    for place, (each, receipt) in enumerate(zip(batch, receipts, strict=True)):
        yield Arrived(before + place, hashlib.sha256(each.content).hexdigest(), each.truth, each.form, receipt, each.echo)


def _wait_for_jobs() -> None:
    """Return when no job waits or runs. Raises ``Unavailable`` where that takes too long."""
    from django.db import connection

    until = time.monotonic() + WORKING
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND COALESCE(scheduled_at <= now(), true)"
            )
            (waiting,) = cursor.fetchone()
        if not waiting:
            return
        time.sleep(0.2)
    raise Unavailable(
        "The jobs of the validation were not done in time.", remedy="Try again on a machine that is less busy, or with fewer referrals."
    )


def clean(variables: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment of the scratch: nothing of the installation's own settings, so that nothing of it is touched."""
    plain = {name: value for name, value in variables.items() if not name.startswith((environment.PREFIX, "DJANGO_"))}
    own = {"HOME": str(home), "NETWORKS": str(home / "networks.csv"), "LOG_LEVEL": "error", "SECOND_FACTOR": "no"}
    kept = {name: variables[name] for name in ("GRACE_POSTGRES_USER",) if name in variables}
    return plain | kept | {f"{environment.PREFIX}{name}": value for name, value in own.items()}


if __name__ == "__main__":
    os.umask(0o077)
    play(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
