"""`grace lists …`: lists of our own, who may fetch them, and lists that are fetched from others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.matching.models import HashList


@click.command("make")
@click.argument("name")
@click.option("--source", required=True, help="Who fills it, such as the agency's name.")
@click.option("--meaning", default="alert", show_default=True, help="alert, known or negative.")
@click.option("--category", default="", help="The category of entries that state none.")
@click.option("--unit", "unit_slug", help="Only for this unit, by its short name; without it for all units.")
def make(name: str, source: str, meaning: str, category: str, unit_slug: str | None) -> None:
    """Make a list of your own called NAME: officers propose entries, and others approve them."""
    with house.open_house():
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline.list_entries import make_own

        unit_id = unit_named(unit_slug).id if unit_slug else None
        made = make_own(operator(), name, source, meaning, unit_id, category)
    click.echo(f"{made.name}: {made.meaning}. Officers propose entries on the page of the list.")


@click.command("serve")
@click.argument("name")
@click.option("--as", "address", default="", help="The name in its address; without it the list is served no longer.")
def serve(name: str, address: str) -> None:
    """Let enrolled readers fetch the list NAME, in NCMEC's hash-sharing protocol."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import sharing

        sharing.serve(operator(), _id(name), address)
    click.echo(f"Readers use the base address …/hash-sharing/{address}" if address else "It is served no longer.")


@click.group("reader")
def reader() -> None:
    """Who may fetch a list: senders, by the login and the secrets that they report with."""


@reader.command("add")
@click.argument("name")
@click.argument("login")
def add_reader(name: str, login: str) -> None:
    """Let the sender with this LOGIN fetch the list NAME."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import sharing

        found = sharing.enrol(operator(), _id(name), login)
        click.echo(f"{found.login.sender.name} may fetch {name}.")


@reader.command("remove")
@click.argument("name")
@click.argument("login")
def remove_reader(name: str, login: str) -> None:
    """Let the sender with this LOGIN fetch the list NAME no longer."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import sharing

        sharing.dismiss(operator(), _id(name), login)
        click.echo(f"{login} may fetch {name} no longer.")


@reader.command("show")
@click.argument("name")
def show_readers(name: str) -> None:
    """Show who may fetch the list NAME."""
    with house.open_house():
        from grace.matching.readers import readers_of

        found = readers_of(_id(name))
        for each in found:
            click.echo(f"{each.login.name}: {each.login.sender.name}, since {each.added_at:%Y-%m-%d}")
        if not found:
            click.echo("Nobody yet: grace lists reader add NAME LOGIN")


@click.group("feed")
def feed() -> None:
    """Lists that are fetched from others, in NCMEC's hash-sharing protocol (needs the extra `hashsharing`)."""


@feed.command("add")
@click.argument("name")
@click.argument("address")
@click.option("--secret", required=True, help="The name of the secret: NAME.secret in GRACE_LIST_SECRETS holds name:password.")
@click.option("--every", default=60, show_default=True, help="Minutes from one fetching to the next.")
def add_feed(name: str, address: str, secret: str, every: int) -> None:
    """Fetch the list NAME from ADDRESS from now on; a worker does it."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import feeds

        feeds.add(operator(), _id(name), address, secret, every)
    click.echo(f"{name} is fetched every {every} minutes.")


@feed.command("end")
@click.argument("name")
def end_feed(name: str) -> None:
    """Fetch the list NAME no longer; what it holds stays."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline import feeds

        feeds.end(operator(), _id(name))
    click.echo(f"{name} is fetched no longer.")


@feed.command("now")
@click.argument("name")
def feed_now(name: str) -> None:
    """Fetch the list NAME now, in this window, and tell how far it is."""
    with house.open_house():
        from grace.matching.feeds import of_list
        from grace.pipeline import feeds

        list_id = _id(name)
        while (step := feeds.fetch_page(list_id)) is not None:
            click.echo(
                f"Page {of_list(list_id).pages:,}: {sum(step.counts.added.values()):,} added, {sum(step.counts.removed.values()):,} taken out."
            )
            if not step.goes_on:
                return
        feed = of_list(list_id)
        raise click.ClickException(feed.failed_because if feed.is_on else f"{name} is fetched no longer.")


@feed.command("show")
def show_feeds() -> None:
    """Show all feeds: how far they are, and what went wrong."""
    with house.open_house():
        from grace.matching.feeds import shown

        found = shown(None, everywhere=True)
        for each in found:
            state = f"failed {each.failures} times: {each.failed_because}" if each.failures else "well" if each.is_on else "ended"
            until = f"{each.until:%Y-%m-%d %H:%M}" if each.until else "never whole yet"
            click.echo(f"{each.hash_list.name}: {each.address}, up to {until}, {each.items:,} entries in the last round, {state}")
        if not found:
            click.echo("No feed yet: grace lists feed add NAME ADDRESS --secret SECRET")


def named(name: str) -> HashList:
    """The list of this name. Raises a usage error that says where all stand."""
    from grace.matching.models import HashList

    found = HashList.objects.filter(name=name).first()
    if found is None:
        raise click.UsageError(f"There is no list {name!r}. `grace lists show` names all.")
    return found


def _id(name: str) -> UUID:
    return named(name).id
