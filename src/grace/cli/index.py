"""`grace index …`: the index behind the hash lists."""

from __future__ import annotations

import sys

import click

from grace.cli import house


@click.group("index")
def command() -> None:
    """The index behind the hash lists: derived from the database, and made anew from it at any time."""


@command.command("status")
def status() -> None:
    """Say what the index holds and how many changes wait for it."""
    with house.open_house():
        from grace.matching import follow
        from grace.matching.index import engine

        kinds, waiting = follow.standing()
        for each in kinds:
            click.echo(f"{each.algorithm}: {each.entries:,} entries in {each.segments} segments, {each.bytes:,} bytes")
        if follow.lost():
            click.echo("The index is not in the data folder. Make it anew: grace index rebuild")
        click.echo(f"{waiting:,} changes wait.")
        click.echo("Loops: " + ("NumPy, as numba is missing" if engine.usual() is engine.NUMPY else "compiled"))


@command.command("rebuild")
def rebuild() -> None:
    """Make the index anew from the database."""
    with house.open_house():
        from grace.matching import follow

        click.echo(f"{follow.rebuild():,} entries indexed.")


@command.command("check")
def check() -> None:
    """Compare the index with the database, entry by entry, and its files with their digests. Ends with 1 where something is wrong."""
    with house.open_house():
        from grace.matching import follow

        damaged = follow.damaged()
        for name in damaged:
            click.echo(f"{name}: not as it was written.", err=True)
        differences = follow.compare()
        for each in differences:
            click.echo(f"{each.algorithm}: {each.lacking:,} entries are missing, {each.surplus:,} are too many.", err=True)
    if damaged or differences:
        click.echo("Make it anew: grace index rebuild", err=True)
        sys.exit(1)
    click.echo("The index is what the database says.")
