"""`grace lists …`: load hash lists, show them, write them out, say what they are, take them out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from grace.cli import house, list_sharing
from grace.cli.list_sharing import named

if TYPE_CHECKING:
    from grace.matching.load import Loaded

_FAULTS_SHOWN = 20


@click.group("lists")
def command() -> None:
    """Hash lists: what is known already."""


for each in (list_sharing.make, list_sharing.serve, list_sharing.reader, list_sharing.feed):
    command.add_command(each)


@command.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="The list to fill; made where it is missing.")
@click.option("--source", required=True, help="Where the list comes from, for entries that do not say.")
@click.option("--category", default="", help="The category of entries that state none.")
@click.option("--unit", "unit_slug", help="Only for this unit, by its short name; without it for all units.")
@click.option(
    "--format",
    "form",
    default="auto",
    show_default=True,
    help="csv, vics, icse, ncmec, vpdq, nsrl2, nsrl3 or nsrl3-delta; auto tells by the content.",
)
@click.option("--full", is_flag=True, help="The file is the whole list: entries that it does not name are taken out.")
@click.option("--most-removed", default=0.2, show_default=True, help="With --full, the largest share of the list that may go.")
@click.option("--meaning", default="", help="What a new list means: alert, known or negative; without it what its form says.")
@click.option("--scale", default="", help="VICS: the scale of the categories, such as US or UK; without it what the file says.")
@click.option("--zero", default="", help="VICS: what category 0 means: uncategorised, not-pertinent or listed.")
@click.option("--video", default="", help="vPDQ: what the video is called; without it as the file.")
@click.option("--only", multiple=True, help="Load only hashes of this algorithm; may be repeated.")
def import_list(path: Path, name: str, source: str, category: str, unit_slug: str | None, **how: Any) -> None:
    """Load the file PATH into a list. Loading it again changes nothing."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.matching.formats.item import MOST_VIDEO, tidy
        from grace.matching.load import ADD, FULL, How
        from grace.pipeline.lists import import_list as load

        mode, only = FULL if how.pop("full") else ADD, frozenset(how.pop("only"))
        video = how.pop("video") or tidy(path.name, MOST_VIDEO)
        wanted = How(video=video, format=how.pop("form"), mode=mode, only=only, **how)
        unit_id = _unit(unit_slug) if unit_slug else None
        with path.open("rb") as stream, click.progressbar(length=path.stat().st_size, label="Loading") as bar:

            def progress(_read: int) -> None:
                bar.update(stream.tell() - bar.pos)

            loaded = load(
                operator(), stream, name, source=source, default_category=category, unit_id=unit_id, how=wanted, progress=progress
            )
    _tell(loaded)


def _tell(loaded: Loaded) -> None:
    for fault in loaded.faults[:_FAULTS_SHOWN]:
        click.echo(f"Line {fault.number}: {fault.why}.", err=True)
    if loaded.refused > _FAULTS_SHOWN:
        click.echo(f"… and {loaded.refused - _FAULTS_SHOWN:,} more.", err=True)
    for why, number in loaded.left_out.items():
        click.echo(f"{number:,} left out: {why or 'other reasons'}.", err=True)
    if loaded.kept:
        click.echo("Nothing was taken out, because not all of the file could be read.", err=True)
    removed = f", {loaded.removed:,} taken out" if loaded.removed else ""
    videos = f", {loaded.videos:,} videos touched" if loaded.videos else ""
    click.echo(
        f"{loaded.added:,} added, {loaded.changed:,} changed, {loaded.known:,} known already{removed}{videos}, {loaded.refused:,} refused. "
        f"Form: {loaded.format}."
    )


@command.command("export")
@click.argument("name")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(["csv", "vics-1.3", "vics-2.0", "icse", "ncmec"]), help="The form.")
@click.option("--recipient", required=True, help="Whom it is for, as a reference such as agency:north; the ledger keeps it.")
@click.option("--scale", default="Default", show_default=True, help="VICS: the scale of the categories.")
@click.option("--case", "is_case", is_flag=True, help="VICS: as a case rather than as a hash set.")
def export_list(name: str, path: Path, form: str, recipient: str, scale: str, is_case: bool) -> None:
    """Write the list NAME to the file PATH, which must not exist."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.matching.export import Export
        from grace.pipeline.lists import export_list as export

        hash_list = named(name)
        pieces = export(operator(), hash_list.id, Export(form, scale, is_case), recipient)
        with path.open("xb") as file:
            file.writelines(pieces)
            written = file.tell()
    click.echo(f"{written:,} bytes written to {path}.")
    if hash_list.conditions:
        click.echo(f"The form has no place for handling conditions. Tell the recipient: {hash_list.conditions}")


@command.command("show")
def show() -> None:
    """Show all lists, with what they mean and their numbers of entries."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.matching.lists import shown_to

        shown = list(shown_to(operator()))
        for each in shown:
            counts = ", ".join(f"{part.entries:,} {part.algorithm}" for part in each.coverage.all() if part.entries) or "empty"
            if videos := each.videos.count():
                counts += f", {videos:,} videos"
            serves = each.unit.slug if each.unit else "all units"
            click.echo(f"{each.name} ({each.source}; {serves}; {each.meaning}): {counts}")
        if not shown:
            click.echo("No list yet: grace lists import FILE --name NAME --source SOURCE")


@command.command("describe")
@click.argument("name")
@click.option("--meaning", help="alert, known or negative; of an empty list only.")
@click.option("--licence", help="The licence under which the list may be used.")
@click.option("--conditions", help="The handling conditions of its entries.")
@click.option("--pass-on/--no-pass-on", default=None, help="Whether the list may leave the agency.")
@click.option("--noisy-referrals", type=int, help="An entry that matches more referrals is set aside; 0 sets none aside.")
@click.option("--noisy-days", type=int, help="Within how many days.")
def describe(name: str, pass_on: bool | None, **said: Any) -> None:
    """Say what the list NAME is."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.matching.lists import About
        from grace.pipeline.lists import describe as say

        about = About(may_pass_on=pass_on, **said)
        found = say(operator(), named(name).id, about)
    noisy = f"noisy above {found.noisy_referrals:,} referrals in {found.noisy_days} days" if found.noisy_referrals else "never noisy"
    click.echo(f"{found.name}: {found.meaning}, {'may' if found.may_pass_on else 'may not'} be passed on, {noisy}.")


@command.command("remove")
@click.argument("name")
@click.confirmation_option(prompt="Take the list and all matches with it out?")
def remove_list(name: str) -> None:
    """Take the list NAME out, with its entries and matches."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.lists import remove

        click.echo(f"{remove(operator(), named(name).id):,} entries removed.")


@command.command("remove-video")
@click.argument("name")
@click.argument("label")
def remove_video(name: str, label: str) -> None:
    """Take the video LABEL off the list NAME; pictures that something else on it names too stay."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.lists import remove_video as remove

        click.echo(f"{remove(operator(), named(name).id, label):,} entries removed.")


def _unit(slug: str) -> UUID:
    from grace.accounts.models import Unit

    unit = Unit.objects.filter(slug=slug).first()
    if unit is None:
        known = ", ".join(Unit.objects.order_by("slug").values_list("slug", flat=True)) or "none yet: grace accounts unit add"
        raise click.UsageError(f"There is no unit {slug!r}. Units: {known}.")
    return unit.id
