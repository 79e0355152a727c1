"""`grace custody …`: export, verify, checkpoint, prune, status and public key of the ledger."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from grace.cli.django import ready


@click.group("custody")
def custody() -> None:
    """The ledger: who did what to which record, when and why."""


@custody.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--recipient", required=True, help="Who receives it, as a reference: authority:data-protection, court:first-instance.")
@click.option("--purpose", required=True, help="Why, as a code, with a case number where there is one: lawfulness-check, case:2026/AB-117.")
def export_ledger(path: Path, recipient: str, purpose: str) -> None:
    """Write the whole ledger to PATH, signed. The export is itself an entry of the ledger, and the last in the file."""
    ready()
    from django.db import transaction

    from grace.custody import export, ledger

    line = ledger.Line(ledger.Kind.DISCLOSURE, "ledger.export", _actor(), purpose, recipient=recipient)
    by = ledger.signer()
    with _new_file(path) as descriptor, os.fdopen(descriptor, "wb") as file:
        with transaction.atomic():
            ledger.record(line)
        ledger.sequence(wait=True)
        with export.snapshot():
            file.writelines(export.lines(by))
    click.echo(f"{path}: {path.stat().st_size:,} bytes. Check it with verify_ledger.py and the key of `grace custody key`.")


@custody.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A public key (PEM); by default our own.",
)
@click.option("--held", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A checkpoint kept from earlier.")
def verify_ledger(path: Path | None, keys: tuple[Path, ...], held: tuple[Path, ...]) -> None:
    """Check the export at PATH, or without PATH the ledger as it stands in the database."""
    ready()
    from grace.custody import export, ledger, verify_ledger

    by = ledger.signer() if not (path and keys) else None
    known = [verify_ledger.read_key(key) for key in keys] or [by.key.public_key() for by in [by] if by]
    notes = [note.read_text(encoding="utf-8") for note in held]
    try:
        if path:
            with path.open("rb") as stream:
                report = verify_ledger.verify(verify_ledger.lines_of(stream), known, notes)
        else:
            ledger.sequence(wait=True)
            with export.snapshot():
                report = verify_ledger.verify(export.lines(by or ledger.signer()), known, notes)
    except verify_ledger.Fault as fault:
        click.echo(f"NOT VERIFIED. {fault}")
        sys.exit(1)
    click.echo(f"VERIFIED. {report}")


@custody.command("checkpoint")
def sign_checkpoint() -> None:
    """Sign the ledger as it stands and print the checkpoint: keep it in another place, for `verify --held`."""
    ready()
    from django.db import transaction

    from grace.custody import ledger

    ledger.sequence(wait=True)
    with transaction.atomic():
        checkpoint = ledger.sign_checkpoint()
    click.echo(checkpoint.note, nl=False)


@custody.command("key")
def print_key() -> None:
    """Print the ledger's public key (PEM), for whoever is to verify exports."""
    ready()
    from grace.custody import ledger

    click.echo(ledger.public_pem().decode(), nl=False)


@custody.command("prune")
@click.option("--before", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) before which entries go.")
@click.option("--reason", required=True, help="Why, as a code: legal-period-ended.")
@click.confirmation_option(prompt="Entries that are pruned cannot be brought back. Go on?")
def prune_entries(before: datetime, reason: str) -> None:
    """Delete entries whose legal period has ended, as the owner of the database; their leaves stay, and the ledger verifies."""
    ready()
    from django.db import transaction

    from grace.custody import ledger

    with _as_owner():
        done = 1
        while done:
            with transaction.atomic():
                pruned = ledger.prune(before.replace(tzinfo=UTC), actor=_actor(), reason=reason)
            done = pruned.now
            click.echo(f"{done:,} entries pruned, {pruned.total:,} in all.")


@custody.command("status")
def show_status() -> None:
    """Show the ledger's size, what waits, the last checkpoint, and whether its tables agree; exit status 1 where they do not."""
    ready()
    from dataclasses import asdict

    from grace.custody import ledger
    from grace.custody.models import Checkpoint

    last = Checkpoint.objects.order_by("-size", "-id").first()
    found = ledger.reconcile()
    click.echo(f"entries sequenced             {ledger.size():>12,}")
    click.echo(f"oldest unsequenced, seconds   {ledger.oldest_unsequenced_age():>12.1f}")
    click.echo(f"entries under last checkpoint {last.size if last else 0:>12,}")
    for name, count in asdict(found).items():
        click.echo(f"{name.replace('_', ' '):<29} {count:>12,}")
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


@contextmanager
def _as_owner() -> Iterator[None]:
    from grace.cli import migration
    from grace.host import database, environment

    owner = database.address(environment.read(), database.Role.OWNER)
    settings: dict[str, Any] = {"USER": str(owner.user), "PASSWORD": owner.password}
    with migration.as_owner(settings):
        yield
