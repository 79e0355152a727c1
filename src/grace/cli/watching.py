"""The watched folder at work: what is whole is taken in and put away, what cannot be taken in stays where it is."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import click
from django.db import InterfaceError, OperationalError

from grace.cli.taking import Taking, spread, take_in
from grace.intake.watch import Watch
from grace.pipeline.receive import Intake


def watch_forever(intake: Intake, folder: Path, kept: Path | None) -> None:
    """Take in what comes, until interrupted. A folder or a database that is away is waited for."""
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # asking whether a file is still written to may raise it
    click.echo(f"Watching {folder}. Interrupt to stop.")
    watch = Watch(folder)
    told = ""
    while True:
        try:
            for taking in look_once(intake, watch, kept):
                click.echo(f"{taking.outcome}: {taking.why or f'document {taking.document_id}'}")
            told = ""
        except (OperationalError, InterfaceError):
            told = _tell("The database is away; waiting for it.", told)
        except OSError as failure:
            told = _tell(f"The folder cannot be read or cleared ({failure.strerror}); waiting for it.", told)
        time.sleep(watch.quiet / 2)


def _tell(news: str, told: str) -> str:
    """Say what is wrong once, and not at each look."""
    if news != told:
        click.echo(news, err=True)
    return news


def look_once(intake: Intake, watch: Watch, kept: Path | None) -> Iterator[Taking]:
    """Take in what is whole now, and put it away after the commit. What could not be opened waits until it changes."""
    entries = watch.whole()
    for some in take_in(intake, [entry for entry in entries if not entry.is_dir()]):
        for taking in some:
            yield taking
            _settle(watch, taking.path, [taking], kept)
    for folder in entries:
        if folder.is_dir():
            takings = [taking for some in take_in(intake, spread([folder])) for taking in some]
            yield from takings
            _settle(watch, folder, takings, kept)


def _settle(watch: Watch, entry: Path, takings: list[Taking], kept: Path | None) -> None:
    """Put an entry away where all of it was taken in and nothing of it has changed since; else look at it again when it does."""
    is_done = all(taking.document_id for taking in takings) and watch.is_unchanged(entry)
    watch.leave(entry)  # first: what cannot be put away is not taken in over and over
    if is_done and kept is not None:
        kept.mkdir(mode=0o700, exist_ok=True)
        entry.rename(kept / f"{time.time_ns()}-{entry.name}")
    elif is_done:
        for taking in takings:
            remove(taking.path)
        remove_empty(entry)


def remove(path: Path) -> None:
    """Remove a document that was taken in: a file, or a folder of one report."""
    for each in sorted(path.rglob("*"), reverse=True) if path.is_dir() else [path]:
        if not each.is_dir():
            each.unlink(missing_ok=True)
    remove_empty(path)


def remove_empty(entry: Path) -> None:
    """Remove a folder and those in it, as far as they are empty now."""
    if not entry.is_dir():
        return
    for each in [*sorted((each for each in entry.rglob("*") if each.is_dir() and not each.is_symlink()), reverse=True), entry]:
        if not any(each.iterdir()):
            each.rmdir()
