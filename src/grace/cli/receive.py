"""``grace receive``: take documents in from paths, or from a folder that is watched."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.pipeline.receive import Delivery, Intake, Receipt

BATCH = 50
"""Documents in one transaction."""
_SMALL = 4 << 20
"""Documents up to this many bytes are read into memory and taken in together; larger ones one by one."""


@click.command("receive")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--unit", "unit_slug", required=True, help="The unit that receives, by its short name.")
@click.option("--watch", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Watch this folder until interrupted.")
@click.option("--keep", is_flag=True, help="With --watch: move what was taken in to the subfolder .received, rather than delete it.")
def command(paths: tuple[Path, ...], unit_slug: str, watch: Path | None, *, keep: bool) -> None:
    """Take documents in: single files, ZIPs, folders of one report, or folders of many documents.

    What is here already is recognised; what cannot be read goes to quarantine. Nothing is lost by an interruption:
    run the same command again.
    """
    if not paths and watch is None:
        raise click.UsageError("Name at least one path, or a folder with --watch.")
    with house.open_house():
        intake = _intake(unit_slug, "folder" if watch else "cli")
        counts = _take_in_all(intake, list(_spread(paths))) if paths else Counter()
        if paths:
            _tell(counts)
        if watch is not None:
            _watch(intake, watch, keep=keep)


def _intake(unit_slug: str, way: str) -> Intake:
    from grace.accounts.models import Unit
    from grace.pipeline.receive import Intake

    unit = Unit.objects.filter(slug=unit_slug).first()
    if unit is None:
        known = ", ".join(Unit.objects.order_by("slug").values_list("slug", flat=True)) or "none yet: grace accounts unit add"
        raise click.UsageError(f"There is no unit {unit_slug!r}. Units: {known}.")
    return Intake(unit.id, way, "system:cli")


def _spread(paths: Iterable[Path]) -> Iterator[Path]:
    """Folders of documents become their entries; a folder that is one report (it holds a report's XML) stays whole."""
    for path in paths:
        if path.is_dir() and not _is_one_report(path):
            yield from _spread(sorted(each for each in path.iterdir() if not each.name.startswith(".") and not each.is_symlink()))
        else:
            yield path


def _is_one_report(folder: Path) -> bool:
    from grace.intake.packages import open_package
    from grace.intake.registry import formats
    from grace.sdk.intake import Unreadable

    if not any(each.suffix.lower() == ".xml" for each in folder.iterdir() if each.is_file()):
        return False
    try:
        with open_package(folder) as package:
            return any(each.recognises(package) > 0 for each in formats())
    except Unreadable:
        return False


def _take_in_all(intake: Intake, paths: Sequence[Path]) -> Counter[str]:
    counts: Counter[str] = Counter()
    with click.progressbar(length=len(paths), label="Taking in", show_pos=True) as bar:
        for receipts in _receipts(intake, paths):
            counts.update(each.outcome.value for each in receipts)
            bar.update(len(receipts))
    return counts


def _receipts(intake: Intake, paths: Iterable[Path]) -> Iterator[list[Receipt]]:
    from grace.pipeline.receive import receive

    waiting = iter(paths)
    while batch := list(islice(waiting, BATCH)):
        small = [path for path in batch if path.is_dir() or path.stat().st_size <= _SMALL]
        for group in [small, *([path] for path in batch if path not in small)]:
            if group:
                yield receive(intake, [_delivery(path) for path in group])


def _delivery(path: Path) -> Delivery:
    from grace.intake.packages import pack_folder
    from grace.pipeline.receive import Delivery

    if path.is_dir():
        with pack_folder(path) as packed:
            return Delivery(f"{path.name}.zip", packed.read())
    return Delivery(path.name, path.read_bytes() if path.stat().st_size <= _SMALL else path)


def _tell(counts: Counter[str]) -> None:
    words = {"new": "new", "version": "new versions", "double": "here already", "quarantined": "in quarantine"}
    click.echo(", ".join(f"{counts[key]} {word}" for key, word in words.items()))


def _watch(intake: Intake, folder: Path, *, keep: bool) -> None:
    from grace.intake.watch import Watch

    click.echo(f"Watching {folder}. Interrupt to stop.")
    watch = Watch(folder)
    while True:
        for path in list(watch.whole()):
            for receipts in _receipts(intake, [path]):
                for receipt in receipts:
                    click.echo(f"{receipt.outcome.value}: document {receipt.document_id}")
            _put_away(path, folder / ".received" if keep else None)
        time.sleep(watch.quiet / 2)


def _put_away(path: Path, kept: Path | None) -> None:
    """After the commit the vault has the bytes: the plain copy goes, or moves aside where the operator wants it kept."""
    if kept is not None:
        kept.mkdir(mode=0o700, exist_ok=True)
        path.rename(kept / f"{time.time_ns()}-{path.name}")
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
