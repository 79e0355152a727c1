"""``grace priority``: a unit's rules shown, checked, drafted, previewed and published from files, and its ranker trained and watched."""

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


@command.command("train")
@_of_unit
def train(viewer: Viewer) -> None:
    """Learn an order from the unit's outcomes. It does nothing until it runs in shadow and two officers promote it."""
    from grace.pipeline import rankers as pipeline

    made = pipeline.train(viewer)
    click.echo(f"Ranker {made.number} is trained. Next: grace priority ranker shadow {made.number} --unit …")
    _tell_passport(made.passport)


@command.group("ranker")
def ranker() -> None:
    """What was learned from a unit's outcomes: its passports, its shadow run, and the switch that turns it off."""


@ranker.command("list")
@_of_unit
def list_rankers(viewer: Viewer) -> None:
    """List all rankers, newest first."""
    from grace.pipeline import rankers as pipeline

    for each in pipeline.ranker_page(viewer).rankers:
        click.echo(f"{each.number:>4}  {each.state:<10}{each.trained_at:%Y-%m-%d %H:%M}  {each.digest[:16]}")


@ranker.command("show")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="The whole passport with the tables, as JSON.")
@_of_unit
def show_ranker(viewer: Viewer, number: int, *, as_json: bool) -> None:
    """Print the passport of ranker NUMBER."""
    from grace.pipeline import rankers as pipeline

    found = pipeline.one_ranker(viewer, number)
    if as_json:
        click.echo(json.dumps({"passport": found.passport, "ranker": found.body}, indent=1, ensure_ascii=False))
    else:
        _tell_passport(found.passport)


@ranker.command("shadow")
@click.argument("number", type=int)
@_of_unit
def shadow(viewer: Viewer, number: int) -> None:
    """Let ranker NUMBER run beside the order, moving nothing."""
    from grace.pipeline import rankers as pipeline

    pipeline.begin_shadow(viewer, number)
    click.echo(f"Ranker {number} runs in shadow; the worker scores the open referrals by it.")


@ranker.command("compare")
@_of_unit
def compare(viewer: Viewer) -> None:
    """Tell what would move if the ranker in shadow made the order."""
    from grace.pipeline import rankers as pipeline

    found = pipeline.ranker_page(viewer).beside
    if found is None:
        raise click.ClickException("No ranker runs in shadow.")
    click.echo(
        f"{found.scored} wait: {found.up} would move up, {found.down} down; of the first {found.tenth} {found.kept} would stay there"
    )
    for each in found.most:
        click.echo(f"  referral {each.row.number}: place {each.now} to {each.then}")


@ranker.command("off")
@click.option("--reason", required=True, help="Why; it is kept with the ranker.")
@_of_unit
def off(viewer: Viewer, reason: str) -> None:
    """Switch the promoted ranker off: the queue stands as the rules alone order it when this returns."""
    from grace.pipeline import rankers as pipeline

    click.echo(f"The rules order alone; {pipeline.switch_off(viewer, reason)} referrals moved.")


def _tell_passport(passport: dict[str, Any]) -> None:
    data, measured = passport["data"], passport["measured"]
    for part, words in (("trained", "learned from"), ("held", "held back and measured on")):
        click.echo(f"{words} {data[part]['outcomes']} outcomes, {data[part]['urgent']} of them escalated")
    for name, (value, low, high) in measured.items():
        click.echo(f"  {name.replace('_', ' ')}: {value:.4f} (95 %: {low:.4f} to {high:.4f})")


def _body(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise click.ClickException(f"{file}, line {fault.lineno}, column {fault.colno}: {fault.msg}.") from None
