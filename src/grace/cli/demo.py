"""``grace demo``: an invented agency with an invented month of referrals, on this machine only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from grace.cli import house, up

if TYPE_CHECKING:
    from datetime import datetime

    from grace.accounts.models import Officer, Unit
    from grace.simulate.truth import SimulatedDocument

HOME = "~/.grace-demo"
UNIT = "Unit 2"
PEOPLE = (("alice", "Alice Muster"), ("bob", "Bob Ejemplo"))
BATCH = 25


@click.command("demo")
@click.pass_context
def command(context: click.Context) -> None:
    """Take an invented month of referrals in, and open GRACE on this machine.

    The data lie in GRACE_HOME (for the demo ~/.grace-demo unless it is set). The second factor is off, and the
    passwords are made anew at each start and printed: this is no installation for real work.
    """
    os.environ.setdefault("GRACE_HOME", HOME)
    os.environ.setdefault("GRACE_SECOND_FACTOR", "no")
    os.environ.setdefault("GRACE_LOG_LEVEL", "warning")
    _place_networks()
    with house.open_house():
        unit = _unit()
        passwords = {name: _password_for(unit, name, shown) for name, shown in PEOPLE}
        _fill(unit)
    click.echo("")
    for name, password in passwords.items():
        click.echo(f"Sign in as {name} with the password {password}")
    context.invoke(up.command)


def _place_networks() -> None:
    """Tell which network of the invented world is in which state: no registry gives addresses of documentation to anyone."""
    from grace.host import environment
    from grace.simulate.world import write_networks

    table = environment.read().home / "networks.csv"
    table.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_networks(table)
    os.environ.setdefault("GRACE_NETWORKS", str(table))


def _unit() -> Unit:
    from grace.accounts.models import Unit
    from grace.accounts.viewer import operator
    from grace.pipeline.accounts import create_unit

    return Unit.objects.filter(name=UNIT).first() or create_unit(operator(), UNIT)


def _password_for(unit: Unit, name: str, shown: str) -> str:
    """A new password for a demo officer, set by the way that every officer takes: an invitation."""
    from grace.accounts.models import Officer
    from grace.accounts.secrets import digest_of
    from grace.accounts.viewer import operator
    from grace.pipeline.accounts import accept_invitation, invite

    officer = Officer.objects.filter(username=name).first()
    word = invite(operator(), officer.id) if officer else _join(unit, name, shown)[1]
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    accept_invitation(digest_of(word), password)
    return password


def _join(unit: Unit, name: str, shown: str) -> tuple[Officer, str]:
    from grace.accounts.capabilities import Capability
    from grace.accounts.viewer import operator
    from grace.pipeline.accounts import create_officer

    return create_officer(operator(), unit, name, shown, set(Capability))


def _fill(unit: Unit) -> None:
    """Take the world in, once: a demo that was filled before starts as it was left."""
    from grace.intake.models import Document
    from grace.simulate.plan import demo_plan
    from grace.simulate.world import World, write_lists

    if Document.objects.filter(unit=unit).exists():
        return
    plan = demo_plan()
    world = World(plan)
    with TemporaryDirectory() as folder:
        write_lists(world.catalogue, Path(folder))
        _import_lists(Path(folder), plan.start)
    with click.progressbar(length=plan.referrals, label="Inventing and taking in a month of referrals", show_pos=True) as bar:
        for taken in _receive(unit, (world.document(place) for place in range(plan.referrals))):
            bar.update(taken)


def _receive(unit: Unit, documents: Iterator[SimulatedDocument]) -> Iterator[int]:
    """Receive each day's documents at the time at which they arrive in that world, so that ages and daily shares are right."""
    from grace.kernel import clock
    from grace.pipeline.receive import Delivery, Intake, receive

    intake = Intake(unit.id, "demo", "system:demo")
    for _, day in groupby(documents, key=lambda each: each.truth.arrives_at.date()):
        while batch := list(islice(day, BATCH)):
            with clock.held(batch[-1].truth.arrives_at):
                receive(intake, [Delivery(each.name, _bytes(each.content)) for each in batch])
            yield len(batch)


def _bytes(content: bytes | Mapping[str, bytes]) -> bytes:
    from grace.simulate.world import zipped

    return content if isinstance(content, bytes) else zipped(content)


def _import_lists(folder: Path, at: datetime) -> None:
    """Load the world's lists at its beginning: what a list knows, it knew before it was found."""
    from grace.accounts.viewer import operator
    from grace.kernel import clock
    from grace.pipeline.lists import import_list

    for path in sorted(folder.glob("*.csv")):
        with path.open("rb") as stream, clock.held(at):
            import_list(operator(), stream, path.stem, source=path.stem)
