"""``grace priority rules``: a unit's rules shown, checked, drafted, previewed and published from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.accounts.viewer import Viewer

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_SHOWN = 20


@click.group("priority")
def command() -> None:
    """How referrals are put in order."""


@command.group("rules")
def rules() -> None:
    """The rules of a unit: JSON, as docs/reference/rules.md describes."""


def _of_unit(act: Callable[..., None]) -> Callable[..., None]:
    """Give a command the viewer that acts for the unit named by --unit."""

    @click.option("--unit", "unit_slug", required=True, help="The unit, by its short name.")
    @wraps(act)
    def acting(*args: Any, unit_slug: str, **kwargs: Any) -> None:
        with house.open_house():
            act(_operator_of(unit_slug), *args, **kwargs)

    return acting


def _operator_of(unit_slug: str) -> Viewer:
    """Whoever runs the command on the machine itself, acting for one unit."""
    from grace.accounts.capabilities import Capability
    from grace.accounts.officers import unit_named
    from grace.accounts.viewer import Viewer

    may = frozenset({Capability.READ, Capability.EDIT_RULES, Capability.PUBLISH_RULES, Capability.ADMINISTER})
    return Viewer(UUID(int=0), unit_named(unit_slug).id, may, "operation", "operator")


@rules.command("show")
@click.option("--version", "number", type=int, help="This version rather than the one in force.")
@_of_unit
def show(viewer: Viewer, number: int | None) -> None:
    """Print the rules in force, or those of a version."""
    from grace.pipeline import rules as pipeline
    from grace.priority.compare import as_text

    standing = pipeline.standing(viewer)
    found = next((each for each in standing.versions if each.number == number), None) if number else standing.published
    if found is None:
        raise click.UsageError(f"There is no version {number}.")
    click.echo(as_text(found.body))


@rules.command("check")
@click.argument("file", type=_FILE)
def check(file: Path) -> None:
    """Check the rules in FILE and tell every fault; needs no database."""
    from grace.priority.rule_faults import faults

    house.set_up_words()
    found = faults(_body(file))
    for each in found:
        click.echo(f"{each.place}: {each.what}", err=True)
    if found:
        raise click.ClickException(f"{len(found)} faults; nothing was changed.")
    click.echo("No fault.")


@rules.command("edit")
@click.argument("file", type=_FILE)
@click.option("--note", required=True, help="Why, for those who read the versions later.")
@_of_unit
def edit(viewer: Viewer, file: Path, note: str) -> None:
    """Make the rules in FILE the unit's draft. They take effect when they are published."""
    from grace.pipeline import rules as pipeline

    draft = pipeline.edit_rules(viewer, _body(file), note)
    click.echo(f"Version {draft.number} is the draft. Next: grace priority rules publish {draft.number} --unit …")


@rules.command("preview")
@click.argument("file", type=_FILE)
@_of_unit
def preview(viewer: Viewer, file: Path) -> None:
    """Tell what the rules in FILE would do to the present queue, and would have done to the last thirty days; changes nothing."""
    from grace.pipeline import rules as pipeline
    from grace.pipeline.effect import last_month

    body = _body(file)
    found, month = pipeline.preview_rules(viewer, body), last_month(viewer, body)
    click.echo(
        f"{found.looked_at} looked at: {found.up} up, {found.down} down, {found.floors_gained} floors gained, {found.floors_lost} lost"
    )
    for each in found.changes[:_MOST_SHOWN]:
        places, floors, scores = (f"{before} to {after}" for before, after in (each.place, each.floor, each.score))
        click.echo(f"  referral {each.number}: place {places}, floor {floors}, score {scores}")
    waits = [f"{_span(side.median_urgent)} for the urgent ones, {_span(side.median)} for all" for side in (month.before, month.after)]
    click.echo(
        f"The last thirty days, replayed: {len(month.earlier)} read earlier, {len(month.later)} later; median wait {waits[0]} before"
    )
    click.echo(
        f"  and {waits[1]} after; urgent ones not read by today: {month.before.unread_urgent} before, {month.after.unread_urgent} after"
    )


@rules.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--version", "number", type=int, help="This version rather than the one in force.")
@_of_unit
def export(viewer: Viewer, file: Path, number: int | None) -> None:
    """Write the rules in force, or a version, into FILE, for another unit or agency."""
    from grace.pipeline import rules as pipeline

    found, text = pipeline.export_rules(viewer, number)
    file.write_text(text, encoding="utf-8")
    click.echo(f"Version {found.number} stands in {file}.")


@rules.command("import")
@click.argument("file", type=_FILE)
@_of_unit
def import_(viewer: Viewer, file: Path) -> None:
    """Make a draft of FILE, which another unit or agency exported."""
    from grace.pipeline import rules as pipeline
    from grace.priority.rule_files import MOST_BYTES
    from grace.priority.rules import held

    with file.open("rb") as stream:
        draft = pipeline.import_rules(viewer, stream.read(MOST_BYTES + 1))
    for part, name, number in held(draft.body):
        click.echo(f"  held all the same, as in the base rules: {part}, {name}: {number}")
    click.echo(f"Version {draft.number} is the draft. Next: grace priority rules publish {draft.number} --unit …")


@rules.command("publish")
@click.argument("number", type=int)
@_of_unit
def publish(viewer: Viewer, number: int) -> None:
    """Put the draft NUMBER in force; the worker scores the open referrals anew."""
    from grace.pipeline import rules as pipeline

    published = pipeline.publish_rules(viewer, number)
    click.echo(f"Version {published.number} is in force. The worker scores the open referrals anew.")


@rules.command("base")
@click.option("--reason", required=True, help="Why the unit's own rules must not order the queue.")
@_of_unit
def base(viewer: Viewer, reason: str) -> None:
    """Put the base rules in force at once; the unit's own stay among the versions."""
    from grace.pipeline import rules as pipeline

    published = pipeline.back_to_base(viewer, reason)
    click.echo(f"Version {published.number}, the base rules, is in force. The worker scores the open referrals anew.")


@rules.command("alone")
@click.option("--reason", help="Why one person may put rules in force alone, where nobody else of the unit may.")
@click.option("--withdraw", is_flag=True, help="Take it back: two are needed again.")
@_of_unit
def alone(viewer: Viewer, reason: str | None, *, withdraw: bool) -> None:
    """Let one person publish alone while nobody else of the unit may, or take that back."""
    from grace.pipeline import rules as pipeline

    if withdraw == (reason is not None):
        raise click.UsageError("Give either --reason or --withdraw.")
    if reason is None:
        pipeline.let_two_publish(viewer)
        click.echo("Two people are needed to put rules in force.")
    else:
        pipeline.let_one_publish(viewer, reason)
        click.echo("While nobody else of the unit may, one alone may put rules in force.")


@rules.command("history")
@_of_unit
def history(viewer: Viewer) -> None:
    """List all versions, newest first."""
    from grace.pipeline import rules as pipeline

    for each in pipeline.standing(viewer).versions:
        click.echo(f"{each.number:>4}  {each.state:<10}{each.edited_at:%Y-%m-%d %H:%M}  {each.note}")


def _span(wait: timedelta | None) -> str:
    return "not read" if wait is None else f"{wait.total_seconds() / 3600:.1f} h"


def _body(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise click.ClickException(f"{file}, line {fault.lineno}, column {fault.colno}: {fault.msg}.") from None
