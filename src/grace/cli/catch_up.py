"""``grace catch-up``: give referrals of before a feature what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.accounts.models import Unit


@click.command("catch-up")
@click.option("--unit", "unit_slug", help="One unit, by its short name; without it all.")
@click.option("--by-worker", is_flag=True, help="Leave the work to the workers and return at once.")
def command(unit_slug: str | None, by_worker: bool) -> None:
    """Complete older referrals: what their reports lacked, the states concerned, their words for the search, and what links them.

    To be run after an upgrade that brings such a feature. It may be stopped and started again at any point.
    """
    with house.open_house():
        from grace.pipeline import catch_up

        for unit in _units(unit_slug):
            waiting = catch_up.remaining(unit.id)
            if waiting and by_worker:
                _leave_to_workers(unit.id)
                click.echo(f"{unit.slug}: {waiting:,} referrals are left to the workers.")
            else:
                done = _work_off(unit, waiting) if waiting else 0
                click.echo(f"{unit.slug}: {done:,} referrals completed, {catch_up.remaining(unit.id):,} left.")


def _units(slug: str | None) -> list[Unit]:
    from grace.accounts.models import Unit
    from grace.accounts.officers import unit_named

    return [unit_named(slug)] if slug else list(Unit.objects.order_by("slug"))


def _leave_to_workers(unit_id: UUID) -> None:
    from grace.pipeline import jobs

    jobs.catch_up(unit_id)


def _work_off(unit: Unit, waiting: int) -> int:
    """Batch by batch, with a bar; how many referrals were completed."""
    done = 0
    with click.progressbar(length=waiting, label=unit.slug) as bar:
        for number in _steps(unit.id):
            done += number
            bar.update(number)
    return done


def _steps(unit_id: UUID) -> Iterator[int]:
    from grace.pipeline import catch_up

    after: UUID | None = None
    while (step := catch_up.step(unit_id, after)) is not None:
        after = step.last
        yield step.completed
