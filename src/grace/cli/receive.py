"""``grace receive``: take documents in from paths, from a folder that is watched, or from a mailbox."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.pipeline.receive import Intake

_MOST_PROCESSES = 64
_WORDS = {
    "new": "new",
    "version": "new versions",
    "double": "here already",
    "quarantined": "in quarantine",
    "unreachable": "could not be opened",
}


@click.command("receive")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--unit", "unit_slug", required=True, help="The unit that receives, by its short name.")
@click.option(
    "--processes",
    type=click.IntRange(1, _MOST_PROCESSES),
    default=1,
    show_default=True,
    help="Take the paths in with so many processes. Documents about one report may then arrive in any order.",
)
@click.option("--watch", type=click.Path(path_type=Path), help="Watch this folder until interrupted.")
@click.option("--keep", is_flag=True, help="With --watch: move what was taken in to the subfolder .received, rather than delete it.")
@click.option("--imap", is_flag=True, help="Take in what comes to the mailbox of the settings GRACE_IMAP_…, until interrupted.")
@click.option("--once", is_flag=True, help="With --imap: look once, and end.")
@click.option("--patient", is_flag=True, hidden=True, help="With --watch or --imap: wait for the unit to be made, as under `grace up`.")
def command(
    paths: tuple[Path, ...], unit_slug: str, processes: int, watch: Path | None, *, keep: bool, imap: bool, once: bool, patient: bool
) -> None:
    """Take documents in: single files, ZIPs, folders of one report, or folders of many documents.

    What is here already is recognised; what cannot be read goes to quarantine. Nothing is lost by an interruption:
    run the same command again.
    """
    if (paths or watch is not None) if imap else (not paths and watch is None):
        raise click.UsageError("Name at least one path, or a folder with --watch, or --imap and neither.")
    if imap:
        _fetch(unit_slug, once=once, patient=patient)
        return
    if watch is not None and not watch.is_dir() and not patient:
        raise click.UsageError(f"There is no folder {watch}.")
    with house.open_house():
        intake = _intake(unit_slug, "folder" if watch else "cli", patient=patient)
        counts = _take_in_all(intake, paths, processes) if paths else Counter[str]()
        if watch is not None:
            from grace.cli.watching import watch_forever

            watch_forever(intake, watch, watch / ".received" if keep else None)
    if counts["unreachable"]:
        raise click.exceptions.Exit(1)


def _fetch(unit_slug: str, *, once: bool, patient: bool) -> None:
    """Take in what comes to the mailbox."""
    from grace.host import environment
    from grace.intake.mailbox import account_of

    found = environment.read()
    account = account_of(found)
    with house.open_house():
        intake = _intake(unit_slug, "mail", patient=patient)
        from grace.cli import fetching

        if once:
            fetching.tell(fetching.look_once(intake, account))
        else:
            fetching.fetch_forever(intake, account, found.imap_every)


def _intake(unit_slug: str, way: str, *, patient: bool) -> Intake:
    from grace.accounts.models import Unit
    from grace.pipeline.patience import patiently
    from grace.pipeline.receive import Intake

    while (unit := patiently(lambda: Unit.objects.filter(slug=unit_slug).first())) is None:
        if not patient:
            known = ", ".join(Unit.objects.order_by("slug").values_list("slug", flat=True)) or "none yet: grace accounts unit add"
            raise click.UsageError(f"There is no unit {unit_slug!r}. Units: {known}.")
        time.sleep(5)
    return Intake(unit.id, way, "system:cli")


def _take_in_all(intake: Intake, given: Sequence[Path], processes: int) -> Counter[str]:
    """Take paths in with a progress bar, and tell what became of them."""
    from grace.cli.taking import in_processes, spread, take_in

    paths = list(spread(each.resolve() for each in given))
    takings = take_in(intake, paths) if processes == 1 else in_processes(intake, paths, processes)
    counts: Counter[str] = Counter()
    with click.progressbar(length=len(paths), label="Taking in", show_pos=True) as bar:
        for some in takings:
            counts.update(each.outcome for each in some)
            bar.update(len(some))
            for each in some:
                if each.document_id is None:
                    click.echo(f"{each.path}: {each.why}", err=True)
    click.echo(", ".join(f"{counts[key]} {words}" for key, words in _WORDS.items() if counts[key] or key != "unreachable"))
    return counts
