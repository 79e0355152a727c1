"""``grace simulate``: invent a benign world for demonstrations, tests and load. Needs no Django and no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from grace.priority.laboratory.setting import DAY, WEEK, Setting, Shift, Untenable, Way
from grace.priority.laboratory.told import over
from grace.simulate.fate import Oracle
from grace.simulate.plan import WorldPlan, demo_plan, load_plan
from grace.simulate.world import write_world

_WAYS = {
    Way.TURNS: "score first, a share out of turn",
    Way.SCORE: "score only",
    Way.AGEING: "score and age",
    Way.DEADLINE: "earliest deadline",
    Way.FIFO: "first in, first out",
}
_HEAD = ("", "urgent < 24 h", "urgent 95 %", "unread 60 d", "waiting", "oldest")


@click.group()
def command() -> None:
    """Invent referrals with known truth. Nobody in them exists."""


@command.command()
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write into; made where missing."
)
@click.option("--seed", type=int, help="Another seed, another world.")
@click.option("--referrals", type=click.IntRange(min=1), help="How many documents.")
@click.option("--days", type=click.IntRange(min=1), help="Within how many days they arrive.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="The first day, in UTC.")
@click.option("--urgent-share", type=click.FloatRange(0, 1), help="The share that is urgent (default 0.0018).")
@click.option("--demo", "kind", flag_value="demo", help="The world of the demonstration: 400 referrals, something of everything.")
@click.option("--bare", "kind", flag_value="bare", help="Small LEA JSON without files, for load.")
def world(kind: str | None, folder: Path, **changes: Any) -> None:
    """Write documents, hash lists, networks and the truth into a folder."""
    plan = _planned(kind, changes)
    with click.progressbar(length=plan.referrals, label="Inventing referrals", show_pos=True) as bar:
        write_world(plan, folder, progress=bar.update)
    click.echo(
        f"{plan.referrals} documents (seed {plan.seed}) stand in {folder}/documents, the hash lists in {folder}/lists, the truth in {folder}/truth.jsonl."
    )


def _planned(kind: str | None, changes: dict[str, Any]) -> WorldPlan:
    plan = {"demo": demo_plan, "bare": lambda: load_plan(1_000)}.get(kind or "", WorldPlan)()
    wanted: dict[str, Any] = {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in changes.items() if value is not None
    }
    return replace(plan, **wanted)


@command.command()
@click.option("--per-day", type=float, help="How many referrals come in a day, on the average.")
@click.option(
    "--world-referrals",
    type=click.IntRange(min=100),
    help="Let a year of the invented world come: so many, with its weeks, seasons and growth.",
)
@click.option("--officers", type=click.IntRange(min=1), default=5, show_default=True, help="How many are at work.")
@click.option("--hours", type=float, default=8.0, show_default=True, help="The length of a shift; it begins at 8 o'clock.")
@click.option("--days-a-week", type=click.IntRange(1, WEEK), default=WEEK, show_default=True, help="Days of work, from Monday on.")
@click.option("--minutes", type=float, default=60.0, show_default=True, help="How long a referral takes, on the average.")
@click.option("--days", type=int, default=120, show_default=True, help="How long a course is.")
@click.option("--urgent-share", type=float, default=0.0018, show_default=True, help="The share that is urgent.")
@click.option("--auc", type=float, default=0.95, show_default=True, help="The chance that the score puts an urgent one above another.")
@click.option("--out-of-turn", type=int, default=200, show_default=True, help="Thousandths that are given out of turn.")
@click.option("--waiting", type=int, default=0, show_default=True, help="How many wait at the beginning.")
@click.option("--way", "ways", type=click.Choice([each.value for each in Way]), multiple=True, help="Only these ways of choosing.")
@click.option("--courses", type=click.IntRange(min=1), default=20, show_default=True, help="How many courses are played.")
@click.option("--seed", type=int, default=1, show_default=True, help="The first course; the next ones count on.")
def backlog(
    *,
    per_day: float | None,
    world_referrals: int | None,
    officers: int,
    hours: float,
    days_a_week: int,
    ways: tuple[str, ...],
    courses: int,
    seed: int,
    **rest: Any,
) -> None:
    """Play a unit's queue through in advance: what waits, who waits long, and what nobody ever reads."""
    if (per_day is None) == (world_referrals is None):
        raise click.UsageError("Say how many come: either --per-day or --world-referrals.")
    counts = _counts(WorldPlan(seed=seed, referrals=world_referrals)) if world_referrals else ()
    shift = Shift(officers, hours=hours, days=tuple(range(days_a_week)))
    chosen = [Way(each) for each in ways] or list(_WAYS)
    try:
        settings = [
            Setting(per_day=per_day or sum(counts) / len(counts), shifts=(shift,), policy=each.value, history=counts, **rest)
            for each in chosen
        ]
    except Untenable as fault:
        raise click.UsageError(f"{fault}; see --help for what it means.") from fault
    with click.progressbar(length=courses * len(settings), label="Playing courses") as bar:
        found = [over(each, range(seed, seed + courses), lambda _done: bar.update(1)) for each in settings]
    click.echo(f"load {settings[0].load:.2f}: {settings[0].per_day:.1f} come and {settings[0].capacity:.1f} can be read in a day")
    if settings[0].load > 1:
        click.echo("More comes than can be read: whatever the order, something stays unread.")
    click.echo("".join(f"{each:>15}" if place else f"{each:34}" for place, each in enumerate(_HEAD)))
    for way, told in zip(chosen, found, strict=True):
        click.echo(f"{_WAYS[way]:34}" + "".join(f"{each:>15}" for each in _told(told["figures"])))
    click.echo(
        f"The middle of {courses} courses of {settings[0].days} days. Urgent 95 %: all but one in twenty were read sooner; oldest: days at the end."
    )


def _counts(plan: WorldPlan) -> tuple[int, ...]:
    """How many documents of an invented world come on each day, in whole weeks from its first Monday on."""
    calendar, counts = Oracle(plan).calendar, [0] * plan.days
    for index in range(plan.referrals):
        counts[int((calendar.arrival(index) - plan.start).total_seconds() // (60 * DAY))] += 1
    first = -plan.start.weekday() % WEEK
    return tuple(counts[first : first + (plan.days - first) // WEEK * WEEK])


def _told(figures: dict[str, Any]) -> list[str]:
    middle = {name: None if value is None else value[0] for name, value in figures.items()}
    forms = (
        ("urgent_within_day", "{:.2%}"),
        ("urgent_p95", "{:,.1f} h"),
        ("unread", "{:.2%}"),
        ("waiting", "{:,.0f}"),
        ("oldest", "{:,.1f}"),
    )
    return ["-" if middle[name] is None else form.format(middle[name]) for name, form in forms]
