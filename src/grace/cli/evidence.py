"""`grace evidence …`: check the vault, look into files again."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.evidence.scrub import Findings


@click.group("evidence")
def command() -> None:
    """The vault: sealed documents and files."""


@command.command("scrub")
@click.option("--after", type=click.UUID, help="Go on after this object, where an interrupted scrub stopped.")
@click.option("--remove-orphans", is_flag=True, help="Remove bytes older than a day that no row names: no key opens them.")
def scrub(after: UUID | None, *, remove_orphans: bool) -> None:
    """Read every sealed object again and compare it with what was sealed. Ends with 1 where something is wrong."""
    with house.open_house():
        findings = _scrub_with_bar(after)
        _tell(findings)
        _tell_orphans(remove=remove_orphans)
    sys.exit(0 if findings.sound else 1)


@command.command("examine")
def examine() -> None:
    """Look again into pictures and videos that were decoded otherwise than now, or not at all: after an upgrade, or after an extra was added.

    The worker does it in the background; what names the files is scored anew.
    """
    with house.open_house():
        from grace.pipeline.examine import examine_anew

        click.echo(f"{examine_anew():,} files will be looked into.")


@command.command("unpack")
def unpack() -> None:
    """Unpack archives that came before there was any unpacking.

    The worker does it in the background; what comes of them is looked into as other files are, and what names them is scored anew.
    """
    with house.open_house():
        from grace.pipeline.unpack import unpack_stored

        click.echo(f"{unpack_stored():,} archives will be unpacked.")


@command.command("analyse")
@click.option("--ray", "address", metavar="ADDRESS", help="Work it off on a Ray cluster now, or with “here” in processes on this machine.")
@click.option("--processes", type=click.IntRange(1, 1024), default=2, show_default=True, help="Processes of the cluster that work on it.")
def analyse(address: str | None, processes: int) -> None:
    """Show files, and texts of reports, to the analysers that have not seen them in their present version: after one was added or upgraded.

    The worker does it in the background; what names the files is scored anew where that changes anything. With --ray (extra grace[ray])
    the command shows the files itself, spread over a cluster whose machines are set up like workers. What broke off goes on when it is run again.
    """
    with house.open_house():
        from grace.analysis import roll
        from grace.pipeline import texts
        from grace.pipeline.analyse import analyse_anew

        for name in roll.left_out():
            click.echo(f"Installed, but not to be had: {name}", err=True)
        referrals = texts.analyse_anew()
        if address is None:
            click.echo(f"{analyse_anew():,} files will be analysed, and texts of {referrals:,} referrals.")
        elif not _analyse_on(address, processes):
            sys.exit(1)


def _analyse_on(address: str, processes: int) -> bool:
    """Whether every batch was worked off."""
    from grace.cli.on_ray import analyse_on
    from grace.pipeline.analyse import batches, due_files

    number = sum(len(some) for some in due_files())
    with click.progressbar(length=number, label="Analysing", show_pos=True) as bar:
        faults = analyse_on(address, processes, (batch for some in due_files() for batch in batches(some)), bar.update)
    for fault, times in Counter(faults).items():
        click.echo(f"{times:,} batches were refused: {fault}", err=True)
    click.echo(f"{number:,} files were looked at." if not faults else "Run this again for what was refused.")
    return not faults


@command.command("clusters")
@click.option("--rebuild", is_flag=True, help="Keep what making all clusters anew gives, where it differs.")
def clusters(*, rebuild: bool) -> None:
    """Make the clusters of near-duplicates of every unit anew and compare them with those that are kept. Ends with 1 where any differs."""
    with house.open_house():
        from grace.pipeline import clusters as keeping

        wrong = 0
        for unit in keeping.units():
            found = keeping.rebuild(unit.id).came if rebuild else len(keeping.differing(unit.id))
            click.echo(f"{unit.slug}: {found:,} files {'moved' if rebuild else 'differ, or wait'}")
            wrong += found
    sys.exit(1 if wrong and not rebuild else 0)


def _scrub_with_bar(after: UUID | None) -> Findings:
    from grace.evidence.models import SealedObject
    from grace.evidence.scrub import Findings
    from grace.pipeline.scrub import scrub as check

    rows = SealedObject.objects.filter(id__gt=after) if after else SealedObject.objects.all()
    reached = Findings()
    with click.progressbar(length=rows.count(), label="Checking", show_pos=True) as bar:

        def progress(findings: Findings) -> None:
            nonlocal reached
            reached = findings
            bar.update(1)

        try:
            return check(after, progress)
        except KeyboardInterrupt:
            raise click.ClickException(f"Interrupted. Go on with: grace evidence scrub --after {reached.last or after}") from None


def _tell(findings: Findings) -> None:
    click.echo(f"{findings.checked:,} objects checked, {findings.read_bytes:,} bytes.")
    faults = (
        ("missing from the store", findings.missing),
        ("changed", findings.tampered),
        ("sealed under a key that is away", findings.key_away),
    )
    for fault, object_ids in faults:
        for object_id in object_ids:
            click.echo(f"{object_id} is {fault}.", err=True)
    if findings.sound:
        click.echo("All are as they were sealed.")
    else:
        click.echo("Restore these objects from the last backup, then run this again.", err=True)


def _tell_orphans(*, remove: bool) -> None:
    from grace.evidence.scrub import orphans
    from grace.pipeline.scrub import remove_orphans

    if remove:
        click.echo(f"{remove_orphans():,} removed that no row named.")
        return
    found = sum(1 for _ in orphans())
    if found:
        click.echo(f"{found:,} older than a day that no row names; remove them with --remove-orphans.")
