"""`grace lists …`: load hash lists from CSV, show them, take them out."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from grace.cli import house

_FAULTS_SHOWN = 20


@click.group("lists")
def command() -> None:
    """Hash lists: what is known already."""


@command.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="The list to fill; made where it is missing.")
@click.option("--source", required=True, help="Where the list comes from, for lines that do not say.")
@click.option("--category", default="", help="The category of lines that do not say.")
@click.option("--unit", "unit_slug", help="Only for this unit, by its short name; without it for all units.")
def import_list(path: Path, name: str, source: str, category: str, unit_slug: str | None) -> None:
    """Load the CSV file PATH: algorithm,value,category,source,note. Loading it again changes nothing."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.lists import import_csv

        unit_id = _unit(unit_slug) if unit_slug else None
        with path.open("rb") as stream, click.progressbar(length=path.stat().st_size, label="Loading") as bar:

            def progress(_lines: int) -> None:
                bar.update(stream.tell() - bar.pos)

            loaded = import_csv(operator(), stream, name, source=source, default_category=category, unit_id=unit_id, progress=progress)
    for fault in loaded.faults[:_FAULTS_SHOWN]:
        click.echo(f"Line {fault.number}: {fault.why}.", err=True)
    if loaded.refused > _FAULTS_SHOWN:
        click.echo(f"… and {loaded.refused - _FAULTS_SHOWN:,} more.", err=True)
    click.echo(f"{loaded.added:,} added, {loaded.changed:,} changed, {loaded.known:,} known already, {loaded.refused:,} refused.")


@command.command("show")
def show() -> None:
    """Show all lists, with their numbers of entries."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.matching.lists import shown_to

        shown = list(shown_to(operator()))
        for each in shown:
            counts = ", ".join(f"{part.entries:,} {part.algorithm}" for part in each.coverage.all()) or "empty"
            serves = each.unit.slug if each.unit else "all units"
            click.echo(f"{each.name} ({each.source}; {serves}): {counts}")
        if not shown:
            click.echo("No list yet: grace lists import FILE --name NAME --source SOURCE")


@command.command("remove")
@click.argument("name")
@click.confirmation_option(prompt="Take the list and all matches with it out?")
def remove_list(name: str) -> None:
    """Take the list NAME out, with its entries and matches."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.matching.models import HashList
        from grace.pipeline.lists import remove

        found = HashList.objects.filter(name=name).first()
        if found is None:
            raise click.UsageError(f"There is no list {name!r}. `grace lists show` names all.")
        click.echo(f"{remove(operator(), found.id):,} entries removed.")


def _unit(slug: str) -> UUID:
    from grace.accounts.models import Unit

    unit = Unit.objects.filter(slug=slug).first()
    if unit is None:
        known = ", ".join(Unit.objects.order_by("slug").values_list("slug", flat=True)) or "none yet: grace accounts unit add"
        raise click.UsageError(f"There is no unit {slug!r}. Units: {known}.")
    return unit.id
