"""``grace doctor``: what is missing on this machine, and how to mend it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from grace.cli import house
from grace.evidence.decoding import soundness
from grace.host import checks, environment
from grace.host.checks import Found, Grade
from grace.host.environment import Environment
from grace.host.errors import WrongSetting

_MARKS = {Grade.GOOD: "ok  ", Grade.NOTE: "note", Grade.BAD: "BAD "}


@click.command("doctor")
def command() -> None:
    """Say what is missing and how to mend it. Leaves with 1 where something is bad."""
    read = environment.read()
    bad = 0
    for examine in (checks.examine, soundness.check_walls, soundness.check_tools, _of_rooms):
        for finding in examine(read):
            click.echo(f"{_MARKS[finding.grade]}  {finding.about}: {finding.says}")
            if finding.mend:
                click.echo(f"        {finding.mend}")
            bad += finding.grade is Grade.BAD
    click.echo("All is well." if not bad else f"{bad} to mend.")
    sys.exit(1 if bad else 0)


def _of_rooms(read: Environment) -> Iterator[Found]:
    """What rooms know of themselves; where the database does not answer, it is not looked at."""
    try:
        answers = house.answers(read)
        if answers:
            house.set_up_django()
    except WrongSetting:
        answers = False  # told by the checks before
    if not answers:
        yield Found("index", Grade.NOTE, "not looked at: the database does not answer now")
        return
    from grace.matching.soundness import check_indexes, check_loops

    yield check_loops(read)
    yield from check_indexes()
