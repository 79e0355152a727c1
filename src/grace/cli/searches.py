"""``grace searches``: searches that are kept, and that alert when something new hits them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli.house import open_house
from grace.cli.search import DAY, day

if TYPE_CHECKING:
    from grace.accounts.viewer import Viewer


@click.group()
def command() -> None:
    """Searches that are kept, and that alert when something new hits them."""


@command.command("keep")
@click.argument("name")
@click.argument("text")
@click.option("--officer", required=True, help="For whom it is kept, by the name that the officer signs in with; in that officer's unit.")
@click.option("--for-unit", is_flag=True, help="All of the unit see it and are told of what hits it.")
@click.option("--status", default="", help="Only open, taken or closed referrals.")
@click.option("--kind", default="", help="Only this kind of incident (material, enticement …).")
@click.option("--state", default="", help="Only what concerns this state: two letters, or europol.")
@click.option("--files", default="", help="Only with a file that is known, near, new or unchecked; none: without files.")
@click.option("--since", type=DAY, help="Received on this day (UTC) or later.")
@click.option("--until", type=DAY, help="Received on this day (UTC) or earlier.")
def keep(name: str, text: str, officer: str, since: datetime | None, until: datetime | None, *, for_unit: bool, **only: str) -> None:
    """Keep the search for TEXT under NAME."""
    with open_house():
        from grace.accounts.officers import officer_named
        from grace.casework.kept.keep import Wish
        from grace.casework.search_narrow import Narrow
        from grace.pipeline import kept

        narrow = Narrow(only["status"], None, only["kind"], only["state"], day(since), day(until), only["files"])
        owner = officer_named(officer)
        made = kept.keep(_viewer(owner.unit.slug), Wish(name, text, narrow, for_unit), officer=owner.id)
        click.echo(f"Kept for {owner.display_name}: {made.id}")


@command.command("list")
@click.option("--unit", required=True, help="The unit, by its short name.")
@click.option("--after", default="", help="The key of the next page, as the page before printed it.")
def list_kept(unit: str, after: str) -> None:
    """Print the kept searches of a unit, those with the newest hits first."""
    with open_house():
        from grace.pipeline import kept

        found, key = kept.kept(_viewer(unit), after=after)
        for each in found:
            audience = "for the unit" if each.it.for_unit else "for one"
            rests = "\trests" if each.rests else ""
            click.echo(f"{each.it.id}\t{each.it.name}\t{each.it.text}\t{each.owner}\t{audience}{rests}")
        if key:
            click.echo(f"next page: --after {key}")


@command.command("forget")
@click.argument("search", type=click.UUID)
@click.option("--unit", required=True, help="The unit, by its short name.")
def forget(search: UUID, unit: str) -> None:
    """Forget a kept search and the list of its hits."""
    with open_house():
        from grace.pipeline import kept

        click.echo(f"“{kept.forget(_viewer(unit), search).name}” is forgotten.")


def _viewer(unit: str) -> Viewer:
    from dataclasses import replace

    from grace.accounts.capabilities import Capability
    from grace.accounts.officers import unit_named
    from grace.accounts.viewer import operator

    return replace(operator(), unit_id=unit_named(unit).id, capabilities=frozenset({Capability.READ}))
