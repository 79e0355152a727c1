"""``grace doctor``: what is missing on this machine, and how to mend it."""

from __future__ import annotations

import sys

import click

from grace.host import checks, environment
from grace.host.checks import Grade

_MARKS = {Grade.GOOD: "ok  ", Grade.NOTE: "note", Grade.BAD: "BAD "}


@click.command("doctor")
def command() -> None:
    """Say what is missing and how to mend it. Leaves with 1 where something is bad."""
    found = list(checks.examine(environment.read()))
    for finding in found:
        click.echo(f"{_MARKS[finding.grade]}  {finding.about}: {finding.says}")
        if finding.mend:
            click.echo(f"        {finding.mend}")
    bad = sum(finding.grade is Grade.BAD for finding in found)
    click.echo("All is well." if not bad else f"{bad} to mend.")
    sys.exit(1 if bad else 0)
