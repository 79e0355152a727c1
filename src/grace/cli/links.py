"""``grace links``: the groups of a unit, and what it calls a group, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.accounts.viewer import Viewer

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_UNIT = click.option("--unit", "unit_slug", required=True, help="The unit, by its short name.")


@click.group("links")
def command() -> None:
    """What connects referrals: duplicates, viral files, bundles."""


@command.command("groups")
@_UNIT
def groups(unit_slug: str) -> None:
    """List the groups of a unit, the largest first."""
    with house.open_house():
        from grace.pipeline.groups import list_groups

        after = ""
        while True:
            found, after = list_groups(_operator_of(unit_slug), after=after, most=200)
            for each in found:
                click.echo(f"{each.id}  {each.kind:<10}{each.members:>8} referrals {each.senders:>5} senders  {each.digest}")
            if not after:
                break


@command.command("definition")
@_UNIT
@click.option("--edit", "file", type=_FILE, help="Put the definition in this file in force.")
@click.option("--note", default="", help="Why, for those who read the versions later.")
def definition(unit_slug: str, file: Path | None, note: str) -> None:
    """Print what a unit calls viral, a duplicate and a bundle, or put another version in force."""
    with house.open_house():
        from grace.pipeline.groups import definitions, edit_definition

        viewer = _operator_of(unit_slug)
        present = definitions(viewer)[0]
        if file is None:
            click.echo(json.dumps(present.body, indent=2))
            return
        made = edit_definition(viewer, _body(file), note, seen=present.number)
        click.echo(f"Version {made.number} is in force for what comes from now on.")


def _operator_of(unit_slug: str) -> Viewer:
    """Whoever runs the command on the machine itself, acting for one unit."""
    from grace.accounts.capabilities import Capability
    from grace.accounts.officers import unit_named
    from grace.accounts.viewer import Viewer

    may = frozenset({Capability.READ, Capability.PUBLISH_RULES})
    return Viewer(UUID(int=0), unit_named(unit_slug).id, may, "operation", "operator")


def _body(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise click.ClickException(f"{file}, line {fault.lineno}, column {fault.colno}: {fault.msg}.") from None
