"""``grace notices``: links by which providers without software of their own give notices."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import click

from grace.cli.house import open_house


@click.group()
def command() -> None:
    """Notices by form, under Article 18 of the Digital Services Act."""


@command.group("link")
def link_group() -> None:
    """Links to the form: each names one sender and the unit that receives."""


@link_group.command("add")
@click.argument("sender")
@click.option("--unit", required=True, help="The short name of the unit that receives the notices.")
@click.option("--days", default=90, show_default=True, help="How long the link works.")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Where browsers reach this installation.")
def add(sender: str, unit: str, days: int, address: str) -> None:
    """Print a link for the provider SENDER, this one time."""
    with open_house():
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline import notices

        link, word = notices.add_link(operator(), sender, unit_named(unit), timedelta(days=days))
    click.echo(f"{address.rstrip('/')}/notice/{word}/")
    click.echo(
        f"Shown this one time; whoever has it can give notices as “{sender}”. To end it: grace notices link revoke {link.id}", err=True
    )


@link_group.command("list")
def list_links() -> None:
    """Print every link: its sender, its unit and whether it works; never the link itself."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.intake.notice_links import links
        from grace.kernel import clock

        now = clock.now()
        for each in links(operator()):
            state = "revoked" if each.revoked_at else "over" if each.expires_at <= now else "works"
            click.echo(f"{each.id}\t{each.sender.name}\t{each.unit.slug}\tuntil {each.expires_at:%Y-%m-%d}\t{state}")


@link_group.command("revoke")
@click.argument("link", type=click.UUID)
def revoke(link: UUID) -> None:
    """End a link, at once."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import notices

        click.echo(f"The link of “{notices.revoke_link(operator(), link).sender.name}” is void.")
