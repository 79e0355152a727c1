"""`grace custody …`: export, verify, checkpoint, prune, status and public key of the ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from grace.cli import house
from grace.custody import verify_ledger

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("custody")
def command() -> None:
    """The ledger: who did what to which record, when and why."""


@command.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--recipient", required=True, help="Who receives it, as a reference: authority:data-protection, court:first-instance.")
@click.option("--purpose", required=True, help="Why, as a code, with a case number where there is one: lawfulness-check, case:2026/AB-117.")
def export_ledger(path: Path, recipient: str, purpose: str) -> None:
    """Write the whole ledger to PATH, signed. The export is itself an entry of the ledger, and the last in the file."""
    with house.open_house(), _new_file(path) as descriptor, os.fdopen(descriptor, "wb") as file:
        from grace.pipeline import ledger

        ledger.export_ledger(file, actor=_actor(), purpose=purpose, recipient=recipient)
    click.echo(f"{path}: {path.stat().st_size:,} bytes. Check it with verify_ledger.py and the key of `grace custody key`.")


@command.command("verify")
@click.argument("path", type=_FILE, required=False)
@click.option("--key", "keys", multiple=True, type=_FILE, help="The public key (PEM) for the export at PATH; again for keys used earlier.")
@click.option("--held", multiple=True, type=_FILE, help="A checkpoint kept from earlier.")
def verify(path: Path | None, keys: tuple[Path, ...], held: tuple[Path, ...]) -> None:
    """Check the export at PATH, or without PATH the ledger as it stands in the database."""
    if path and not keys:
        raise click.UsageError("Give the ledger's public key with --key; `grace custody key` prints ours.")
    notes = [note.read_text(encoding="utf-8") for note in held]
    try:
        report = _verify_file(path, keys, notes) if path else _verify_database(notes)
    except verify_ledger.Fault as fault:
        click.echo(f"NOT VERIFIED. {fault}")
        sys.exit(1)
    click.echo(f"VERIFIED. {report}")


def _verify_file(path: Path, keys: tuple[Path, ...], held: list[str]) -> verify_ledger.Report:
    try:
        known = [verify_ledger.read_key(key) for key in keys]
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    with path.open("rb") as stream:
        return verify_ledger.verify(verify_ledger.lines_of(stream), known, held)


def _verify_database(held: list[str]) -> verify_ledger.Report:
    with house.open_house():
        from grace.pipeline import ledger

        return ledger.verify_ledger(held)


@command.command("checkpoint")
def sign_checkpoint() -> None:
    """Sign the ledger as it stands and print the checkpoint: keep it in another place, for `verify --held`."""
    with house.open_house():
        from grace.pipeline import ledger

        click.echo(ledger.sign_checkpoint(), nl=False)


@command.command("key")
def print_key() -> None:
    """Print the ledger's public key (PEM), for whoever is to verify exports."""
    with house.open_house():
        from grace.custody import ledger

        click.echo(ledger.public_pem().decode(), nl=False)


@command.command("prune")
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) before which entries go.")
@click.option("--reason", required=True, help="Why, as a code: legal-period-ended.")
@click.confirmation_option(prompt="Entries that are pruned cannot be brought back. Go on?")
def prune(before: datetime, reason: str) -> None:
    """Delete entries whose legal period has ended, as the owner of the database; their leaves stay, and the ledger verifies."""
    with house.open_house() as environment:
        from grace.cli import migration
        from grace.host import database
        from grace.pipeline import ledger

        total = 0
        with migration.as_owner(database.address(environment, database.Role.OWNER)):
            for pruned in ledger.prune_ledger(before.replace(tzinfo=UTC), actor=_actor(), reason=reason):
                total += pruned.now
                click.echo(f"{total:,} entries pruned …")
        click.echo(f"Done: {total:,} entries pruned.")


@command.command("status")
def show_status() -> None:
    """Show the ledger's size, what waits, the last checkpoint, and whether its tables agree; exit status 1 where they do not."""
    with house.open_house():
        from grace.custody import ledger

        found = ledger.reconcile()
        click.echo(f"{'entries sequenced':<34}{ledger.size():>12,}")
        click.echo(f"{'entries under the last checkpoint':<34}{ledger.size_signed():>12,}")
        click.echo(f"{'oldest unsequenced entry, seconds':<34}{ledger.oldest_unsequenced_age():>12.1f}")
        for name, count in asdict(found).items():
            click.echo(f"{name.replace('_', ' '):<34}{count:>12,}")
    sys.exit(0 if found.is_sound else 1)


def _actor() -> str:
    """Whoever runs the command, by the number of the system account."""
    return f"operator:{os.getuid()}"


@contextmanager
def _new_file(path: Path) -> Iterator[int]:
    """A new private file; removed again where writing it fails, so that no part passes for the whole."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{path} exists already; name a new file.") from None
    try:
        yield descriptor
    except BaseException:
        path.unlink(missing_ok=True)
        raise
