"""``grace agencies``: our own card, the directory, and the cards of others. A second person confirms in the browser."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from grace.cli.house import open_house


@click.group()
def command() -> None:
    """Other agencies that we exchange with, and our own card."""


@command.command("card")
def card() -> None:
    """Print our card, to be given to another agency, and its fingerprint, to be read out over another channel."""
    with open_house():
        from grace.agencies.identity import own_card, own_card_text
        from grace.agencies.keys import grouped

        click.echo(own_card_text(), nl=False)
        click.echo(f"Fingerprint: {grouped(own_card().fingerprint)}", err=True)


@command.command("list")
def list_agencies() -> None:
    """Show the directory."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.agencies.keys import grouped
        from grace.pipeline import agencies

        for each in agencies.entries(operator()):
            keys = each.in_force or each.proposed
            standing = "in force" if each.in_force else "waits for a second person" if each.proposed else "revoked"
            point = ", contact point" if each.agency.is_contact_point else ""
            click.echo(f"{each.agency.id}  {each.agency.state}  {each.agency.name}{point}: {standing}")
            click.echo(f"    {each.agency.address or 'by file, across an air gap'}")
            if keys:
                click.echo(f"    {grouped(keys.fingerprint)}")


@command.command("propose")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def propose(path: Path) -> None:
    """Propose the card in the file PATH. An administrator compares the fingerprint by telephone and confirms in the browser."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.agencies.card import MOST_BYTES
        from grace.pipeline import agencies

        with path.open("rb") as stream:
            found = agencies.propose(operator(), stream.read(MOST_BYTES + 1))
        click.echo(f"{found.name} ({found.state}) waits for a second person.")


@command.command("revoke")
@click.argument("agency", type=click.UUID)
@click.option("--reason", required=True, help="Why the keys end.")
def revoke(agency: UUID, reason: str) -> None:
    """End the keys of an agency, at once."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import agencies

        click.echo(f"The keys of {agencies.revoke(operator(), agency, reason).name} are not in force any more.")


@command.command("contact-point")
@click.argument("agency", type=click.UUID)
def contact_point(agency: UUID) -> None:
    """Make an agency the one contact point of its state."""
    with open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import agencies

        found = agencies.make_contact_point(operator(), agency)
        click.echo(f"{found.name} is the contact point of {found.state}.")
