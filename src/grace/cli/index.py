"""`grace index …`: the indexes behind the hash lists and behind what is held."""

from __future__ import annotations

import sys

import click

from grace.cli import house

_WHICH = click.argument("which", type=click.Choice(["lists", "held"]), default="lists")


@click.group("index")
def command() -> None:
    """The indexes of the lists' entries and of held files' fingerprints: derived from the database, and made anew from it at any time."""


@command.command("status")
def status() -> None:
    """Say what the indexes hold, how many changes wait for them, and what is to be asked again."""
    with house.open_house():
        from grace.matching import standing

        whole = standing.whole()
        for index in (whole.lists, whole.held):
            for each in index.kinds:
                click.echo(f"{index.name} {each.algorithm}: {each.entries:,} in {each.segments} segments, {each.bytes:,} bytes")
            if index.lost:
                click.echo(f"The index of {index.name} is not in the data folder. Make it anew: grace index rebuild {index.name}")
            if index.damage:
                click.echo(f"The index of {index.name} cannot be read: {index.damage} Make it anew: grace index rebuild {index.name}")
            click.echo(f"{index.name}: {index.waiting:,} changes wait" + (f", {index.behind:,.0f} s" if index.waiting else "") + ".")
        if whole.newest_age is not None:
            click.echo(f"The newest entry that everybody sees came {whole.newest_age:,.0f} s ago.")
        click.echo(f"{whole.due:,} changes are still to be asked of what is stored.")
        for sweep in whole.sweeps:
            click.echo(
                f"All that is stored is gone through: {sweep.done:,} of {sweep.total:,}." if sweep.begun else "A sweep waits to begin."
            )
        click.echo("Loops: " + ("compiled" if whole.compiled else "NumPy, as numba is missing"))


@command.command("rebuild")
@_WHICH
def rebuild(which: str) -> None:
    """Make an index anew from the database: of the lists, or of what is held."""
    with house.open_house():
        from grace.matching import follow, indexed

        click.echo(f"{follow.rebuild(indexed.HELD if which == 'held' else indexed.LISTS):,} values indexed.")


@command.command("check")
def check() -> None:
    """Compare the indexes with the database, value by value, and their files with their digests. Ends with 1 where something is wrong."""
    with house.open_house():
        from grace.matching import follow, indexed

        faults = 0
        for source in (indexed.LISTS, indexed.HELD):
            damaged, differences = follow.damaged(source), follow.compare(source)
            for name in damaged:
                click.echo(f"{name}: not as it was written.", err=True)
            for each in differences:
                click.echo(f"{source.name} {each.algorithm}: {each.lacking:,} are missing, {each.surplus:,} are too many.", err=True)
            if damaged or differences:
                click.echo(f"Make it anew: grace index rebuild {source.name}", err=True)
            faults += len(damaged) + len(differences)
    if faults:
        sys.exit(1)
    click.echo("The indexes are what the database says.")
