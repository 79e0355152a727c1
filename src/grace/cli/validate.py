"""``grace validate``: what this release does with a world whose truth is known, on this machine, as a signed report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

_LEAST, _MOST = 100, 100_000
_NEW = click.Path(dir_okay=False, path_type=Path)
_PRESENT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("validate")
@click.option("--referrals", type=click.IntRange(_LEAST, _MOST), default=500, show_default=True, help="How many documents to invent.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another world.")
@click.option("--out", type=_NEW, help="Write the signed report into this new file.")
@click.option("--text", "as_text", is_flag=True, help="Print the report as text, for people, rather than as JSON.")
@click.option("--file", "to_file", is_flag=True, help="Keep the report in this installation, for a unit.")
@click.option("--unit", "unit_slug", help="With --file: the unit, by its short name.")
@click.option("--check", type=_PRESENT, help="Check a report that was made before; nothing is played, but it can be kept.")
@click.option("--key", "keys", type=_PRESENT, multiple=True, help="With --check: a public key (PEM) to trust, not this installation's own.")
def command(
    referrals: int,
    seed: int,
    out: Path | None,
    unit_slug: str | None,
    check: Path | None,
    keys: tuple[Path, ...],
    *,
    as_text: bool,
    to_file: bool,
) -> None:
    """Play an invented world through this release, in a scratch installation, and report what was right.

    The scratch has its own folder, database and keys, and is gone afterwards. The installation's database is never touched,
    also not one that GRACE_DATABASE_URL names (but for --file, which keeps the report there). The report is signed with
    the installation's ledger key. Ends with 0 where every measured bar is met, else with 1.
    """
    if to_file != bool(unit_slug):
        raise click.UsageError("--file and --unit belong together: the report is kept for a unit.")
    if out is not None and out.exists():
        raise click.UsageError(f"{out} exists already; name a new file.")
    _make_keys()
    content = _play(referrals, seed) if check is None else check.read_bytes()
    passed = _tell(content, out, keys, as_text=as_text, quiet=check is not None)
    if unit_slug:
        _keep(content, unit_slug)
    sys.exit(0 if passed else 1)


def _make_keys() -> None:
    """Make the keys of the installation where they are missing, as every command does."""
    from grace.host import environment, secrets

    secrets.make_missing(environment.read())


def _play(referrals: int, seed: int) -> bytes:
    """The signed report on a world that is played now."""
    from grace.cli.validation import scratch
    from grace.cli.validation.report import signed

    setting = _database_elsewhere()
    if setting:
        click.echo(f"The database that {setting} names is not touched: the scratch starts one of its own.", err=True)
    return signed(scratch.played(referrals, seed))


def _database_elsewhere() -> str:
    """The setting that gives this installation a database elsewhere; empty where it has the embedded one."""
    from grace.host import database, environment

    return "" if database.is_embedded(environment.read()) else "GRACE_DATABASE_URL"


def _tell(content: bytes, out: Path | None, keys: tuple[Path, ...], *, as_text: bool, quiet: bool) -> bool:
    """Print or write the report, and say who signed it; whether it can be relied on and every measured bar is met."""
    from grace.cli.validation.report import read
    from grace.pipeline import validation_text as text

    checked = read(content, keys)
    if out is not None:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    if as_text:
        click.echo(text.text(checked.report))
    elif out is None and not quiet:
        click.echo(content.decode(), nl=False)
    click.echo(text.summary(checked.report), err=out is None and not quiet and not as_text)
    whose = "a key that you trust" if keys else "this installation's key"
    if checked.trusted:
        click.echo(f"Signed by {checked.origin} with {whose} ({checked.fingerprint}); not one byte was changed since.", err=True)
    else:
        click.echo(f"Not changed since it was signed, but not with {whose}: with {checked.fingerprint}, as {checked.origin}.", err=True)
    return checked.trusted and bool(checked.report["passed"])


def _keep(content: bytes, unit_slug: str) -> None:
    """Keep the report for a unit."""
    from grace.cli import house

    with house.open_house():
        from grace.accounts.officers import unit_named
        from grace.pipeline.validation import keep_report

        kept = keep_report(unit_named(unit_slug).id, content, actor=f"operator:{os.getuid()}")
        click.echo(f"Kept for the unit {unit_slug}: report {kept.id}, SHA-256 {bytes(kept.sha256).hex()}.", err=True)
