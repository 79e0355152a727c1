"""Taking paths in: what of them is one document, batches of bounded memory, several processes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import click

from grace.cli import house
from grace.intake.packages import open_package, original
from grace.intake.registry import formats
from grace.pipeline.receive import Delivery, Intake, receive
from grace.sdk.intake import Unreadable

BATCH = 50
"""Documents in one transaction."""
TOGETHER = 16 << 20
"""Bytes of documents in one transaction."""
SMALL = 4 << 20
"""Documents up to this many bytes are held in memory; larger ones are sealed from where they lie, one by one."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What became of one path: the outcome and the document, or ``unreachable`` and why it could not be opened."""

    path: Path
    outcome: str
    document_id: UUID | None = None
    why: str = ""


def spread(paths: Iterable[Path]) -> Iterator[Path]:
    """Folders of documents become their entries; a folder that is one report stays whole. Links and hidden files are passed over.

    A folder that cannot be read stays whole too: whoever opens it learns why.
    """
    for path in paths:
        entries = _entries(path)
        if entries is None or _is_one_report(path, entries):
            yield path
        else:
            yield from spread(entries)


def _entries(path: Path) -> list[Path] | None:
    """What stands in a folder; None for what is none or cannot be read."""
    try:
        return sorted(each for each in path.iterdir() if not each.name.startswith(".") and not each.is_symlink())
    except OSError:
        return None


def _is_one_report(folder: Path, entries: Sequence[Path]) -> bool:
    """It holds a report's XML, or one report in JSON or PDF with files beside it, and no package of its own."""
    files = [each for each in entries if each.is_file()]
    kinds = Counter(each.suffix.lower() for each in files)
    is_one = kinds[".json"] == 1 or (kinds[".pdf"] == 1 and not kinds[".json"] and not kinds[".eml"])
    if kinds[".zip"] or not (kinds[".xml"] or (is_one and len(files) > 1)):
        return False
    try:
        with open_package(folder) as package:
            return any(each.recognises(package) > 0 for each in formats())
    except Unreadable:
        return False


def take_in(intake: Intake, paths: Iterable[Path]) -> Iterator[list[Taking]]:
    """Take paths in, in their order; gives what became of them, batch by batch, each once it is committed.

    A path that cannot be opened is told as such and stops nothing.
    """
    batch: list[tuple[Path, Delivery]] = []
    room = TOGETHER
    for path in paths:
        try:
            delivery = _delivery(path)
        except Unreadable as fault:
            yield [Taking(path, "unreachable", why=fault.message)]
            continue
        size = len(delivery.data) if isinstance(delivery.data, bytes) else TOGETHER
        if batch and (size > room or len(batch) == BATCH):
            yield _take_in(intake, batch)
            batch, room = [], TOGETHER
        batch.append((path, delivery))
        room -= size
    if batch:
        yield _take_in(intake, batch)


def _delivery(path: Path) -> Delivery:
    """The bytes of a small document, the path of a large one."""
    name = f"{path.name}.zip" if path.is_dir() else path.name
    with original(path) as stream:
        content = stream.read(SMALL + 1)
    return Delivery(name, path if len(content) > SMALL else content)


def _take_in(intake: Intake, batch: Sequence[tuple[Path, Delivery]]) -> list[Taking]:
    try:
        receipts = receive(intake, [delivery for _, delivery in batch])
    except Unreadable as fault:  # a large one, which is alone in its batch
        return [Taking(path, "unreachable", why=fault.message) for path, _ in batch]
    return [Taking(path, each.outcome.value, each.document_id) for (path, _), each in zip(batch, receipts, strict=True)]


def in_processes(intake: Intake, paths: Sequence[Path], number: int) -> Iterator[list[Taking]]:
    """The same with several processes, each with a Django and a connection of its own; in no particular order."""
    chunks = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    with ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=house.set_up_process, initargs=(os.getpid(),)) as pool:
        try:
            for done in as_completed([pool.submit(_take_in_chunk, intake, chunk) for chunk in chunks]):
                yield done.result()
        except BrokenProcessPool as fault:
            raise click.ClickException("A process was ended from outside. Nothing is lost: run the same command again.") from fault


def _take_in_chunk(intake: Intake, paths: Sequence[Path]) -> list[Taking]:
    return [each for some in take_in(intake, paths) for each in some]
