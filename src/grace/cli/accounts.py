"""``grace accounts``: the first administrator, units, officers and tokens, from the machine itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import click

from grace.cli.house import open_house


@click.group()
def command() -> None:
    """Officers, units and programs."""


@command.command("first-admin")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Where browsers reach this installation.")
def first_admin(address: str) -> None:
    """Print the link, valid once and for 24 hours, by which the first administrator comes in."""
    with open_house():
        from grace.pipeline import accounts

        word = accounts.invite_first_administrator()
    _print_link(address, word)
    click.echo("Valid once, for 24 hours. Open it in a browser on a machine that you trust.", err=True)


@command.group("unit")
def unit_group() -> None:
    """Units."""


@unit_group.command("add")
@click.argument("name")
def add_unit(name: str) -> None:
    """Add a unit and print its short name."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import accounts

        click.echo(accounts.create_unit(operator(), name).slug)


@unit_group.command("contact")
@click.argument("unit")
@click.argument("contact")
def unit_contact(unit: str, contact: str) -> None:
    """Write down how other units reach UNIT: a desk, not a person."""
    with open_house():
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline import accounts

        click.echo(accounts.record_contact(operator(), unit_named(unit).id, contact).contact)


@command.group("officer")
def officer_group() -> None:
    """Officers."""


@officer_group.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--unit", required=True, help="The short name of the unit.")
@click.option("--can", multiple=True, help="A capability, such as read or decide; may be given several times.")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Where browsers reach this installation.")
def add_officer(username: str, name: str, unit: str, can: tuple[str, ...], address: str) -> None:
    """Add an officer and print the link by which the person sets the password."""
    with open_house():
        from grace.accounts.capabilities import read_capabilities
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline import accounts

        _officer, word = accounts.create_officer(operator(), unit_named(unit), username, name, read_capabilities(can))
    _print_link(address, word)


@officer_group.command("reset-second-factor")
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Forget an officer's device; a new one is set up at the next sign-in."""
    with open_house():
        from grace.accounts.officers import officer_named
        from grace.accounts.viewer import operator
        from grace.pipeline import accounts

        officer = accounts.reset_second_factor(operator(), officer_named(username).id)
        click.echo(f"{officer.display_name} sets up a new second factor at the next sign-in.")


@command.group("token")
def token_group() -> None:
    """Tokens with which programs act for a unit."""


@token_group.command("add")
@click.argument("name")
@click.option("--unit", required=True, help="The short name of the unit that the program acts for.")
@click.option("--can", multiple=True, required=True, help="A capability, such as receive; may be given several times.")
@click.option("--days", default=180, show_default=True, help="How long the token works.")
def add_token(name: str, unit: str, can: tuple[str, ...], days: int) -> None:
    """Issue a token and print it, this one time."""
    with open_house():
        from grace.accounts.capabilities import read_capabilities
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline import accounts

        token, word = accounts.issue_token(operator(), unit_named(unit), name, read_capabilities(can), timedelta(days=days))
    click.echo(word)
    click.echo(f"Shown this one time. To make it void: grace accounts token revoke {token.id}", err=True)


@token_group.command("revoke")
@click.argument("token", type=click.UUID)
def revoke_token(token: UUID) -> None:
    """Make a token void, at once."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import accounts

        click.echo(f"The token “{accounts.revoke_token(operator(), token).name}” is void.")


def _print_link(address: str, word: str) -> None:
    from django.urls import reverse

    click.echo(f"{address.rstrip('/')}{reverse('open-link', args=[word])}")
