"""``grace senders``: who may report over the reporting interface, from the machine itself."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from uuid import UUID

import click

from grace.cli.house import open_house


@click.group()
def command() -> None:
    """Providers that report over /ispws: their logins and secrets."""


@command.command("add")
@click.argument("login")
@click.option("--sender", required=True, help="The name of the provider, hotline or agency, as officers see it.")
@click.option("--unit", required=True, help="The short name of the unit that receives the reports.")
@click.option("--kind", type=click.Choice(["provider", "hotline", "agency"]), default="provider", show_default=True, help="What it is.")
@click.option("--days", default=180, show_default=True, help="How long its first secret works.")
def add(login: str, sender: str, unit: str, kind: str, days: int) -> None:
    """Add a LOGIN for a sender and print its first secret, this one time."""
    with open_house():
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline import senders

        row = senders.add_login(operator(), login, sender, unit_named(unit), kind)
        secret, word = senders.add_secret(operator(), row, timedelta(days=days))
    _print_secret(word, secret.id)


@command.command("list")
def list_logins() -> None:
    """Print every login: its sender, its unit, and how many of its secrets work."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import senders

        for each in senders.logins(operator()):
            state = "closed" if each.row.closed_at else "open"
            click.echo(f"{each.row.name}\t{each.row.sender.name}\t{each.row.unit.slug}\t{state}\t{each.working} secrets")


@command.command("close")
@click.argument("login")
def close(login: str) -> None:
    """Take no new reports under LOGIN; those that are open can be finished."""
    _set_open(login, is_open=False)


@command.command("reopen")
@click.argument("login")
def reopen(login: str) -> None:
    """Take new reports under LOGIN again."""
    _set_open(login, is_open=True)


@command.group("secret")
def secret_group() -> None:
    """The secrets of a login; several work at the same time, so that a sender can change over."""


@secret_group.command("add")
@click.argument("login")
@click.option("--days", default=180, show_default=True, help="How long the secret works.")
def add_secret(login: str, days: int) -> None:
    """Give LOGIN one more secret and print it, this one time."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.intake.credentials import login_named
        from grace.pipeline import senders

        secret, word = senders.add_secret(operator(), login_named(login), timedelta(days=days))
    _print_secret(word, secret.id)


@secret_group.command("list")
@click.argument("login")
def list_secrets(login: str) -> None:
    """Print the secrets of LOGIN, without the words themselves."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.intake.credentials import login_named
        from grace.pipeline import senders

        for each in senders.secrets_of(operator(), login_named(login)):
            click.echo(f"{each.id}\tfrom {each.created_at}\tuntil {each.expires_at}\t{each.state}")


@secret_group.command("revoke")
@click.argument("secret", type=click.UUID)
def revoke_secret(secret: UUID) -> None:
    """Make a secret void, at once."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import senders

        click.echo(f"The secret of “{senders.revoke_secret(operator(), secret).login.name}” is void.")


@command.command("feedback")
@click.argument("sender")
@click.option("--unit", required=True, help="The short name of the unit that received the reports.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day of receipt (UTC).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of receipt; today unless given.")
def feedback(sender: str, unit: str, since: datetime, until: datetime | None) -> None:
    """Print what the reports of SENDER lacked, to be handed to it: a line of JSON for each document, codes and places only.

    The ledger keeps that it was made, and for which sender.
    """
    with open_house():
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.kernel import clock
        from grace.pipeline import feedback as telling

        last: date = until.date() if until else clock.now().date()
        for each in telling.export(operator(), telling.Export(unit_named(unit), sender, since.date(), last)):
            click.echo(json.dumps(each, ensure_ascii=False))


def _set_open(login: str, *, is_open: bool) -> None:
    with open_house():
        from grace.accounts.viewer import operator
        from grace.intake.credentials import login_named
        from grace.pipeline import senders

        senders.set_open(operator(), login_named(login), is_open=is_open)
        click.echo(f"The login “{login}” is {'open' if is_open else 'closed'}.")


def _print_secret(word: str, secret_id: UUID) -> None:
    click.echo(word)
    click.echo(f"Shown this one time. To make it void: grace senders secret revoke {secret_id}", err=True)
