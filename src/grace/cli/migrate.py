"""``grace migrate``: bring the database to the present tables."""

from __future__ import annotations

import click

from grace.cli import house


@click.command("migrate")
def command() -> None:
    """Bring the database to the present tables, as the role that owns it, and compile what runs compiled."""
    with house.open_house() as environment:
        from grace.cli import migration

        migration.bring_up_to_date(environment, verbosity=1)
        house.warm_up()
    click.echo("The database is up to date.")
