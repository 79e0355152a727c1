"""``grace simulate``: invent a benign world for demonstrations, tests and load. Needs no Django and no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from grace.simulate.plan import WorldPlan, demo_plan, load_plan
from grace.simulate.world import write_world


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
