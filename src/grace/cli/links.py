"""``grace links``: what links referrals, the groups of a unit, and what links nobody, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.accounts.viewer import Viewer
    from grace.pipeline.links import LinksPage, Way

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_UNIT = click.option("--unit", "unit_slug", required=True, help="The unit, by its short name.")


@click.group("links")
def command() -> None:
    """What connects referrals: links, duplicates, viral files, bundles; and what connects nobody."""


@command.command("of")
@click.argument("number")
@_UNIT
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 200), help="Links that are printed.")
@click.option("--after", default="", help="The key of the next page, as the page before printed it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def links_of(number: str, unit_slug: str, most: int, after: str, *, as_json: bool) -> None:
    """List the links of the referral with this NUMBER, the strongest first. No identifier is shown; each look is written down.

    Only an officer cuts or confirms a link, by name: on the page of the links, or by the API in an own session.
    """
    with house.open_house():
        from grace.pipeline import links

        viewer = _operator_of(unit_slug)
        page = links.links_page(viewer, links.numbered(viewer, number), after=after, most=most)
        click.echo(json.dumps(_as_json(page)) if as_json else _as_text(page))


@command.command("way")
@click.argument("number")
@click.argument("to")
@_UNIT
def way(number: str, to: str, unit_slug: str) -> None:
    """Find the way from the referral with this NUMBER to the one with number TO: at most eight likely links."""
    with house.open_house():
        from grace.pipeline import links

        viewer = _operator_of(unit_slug)
        found = links.way(viewer, links.numbered(viewer, number), to)
        if found.links is None:
            raise click.ClickException("No way of likely links leads there within eight steps.")
        click.echo("\n".join(_steps(found)))


@command.command("lines")
@click.option("--import", "file", type=_FILE, help="Put the list in this file in force.")
@click.option("--restore", type=int, help="Put the list of this version in force again.")
@click.option("--note", default="", help="Why, for those who read the versions later.")
@click.option("--versions", "as_versions", is_flag=True, help="Print the versions, the newest first, and how far the newest has got.")
def lines(file: Path | None, restore: int | None, note: str, *, as_versions: bool) -> None:
    """Print the lines and mail domains that many share and that link nobody, or put another list of them in force.

    A list is a text, one entry a line: cgnat, proxy or vpn with an address or network, mail with a domain; then, if wanted, a note.
    """
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.links.lines import write
        from grace.pipeline import shared_lines

        viewer = operator()
        standing = shared_lines.standing(viewer)
        seen = standing.versions[0].number if standing.versions else 0
        if file is not None or restore is not None:
            text = _text(file) if file is not None else write(shared_lines.version(viewer, restore or 0).entries)
            made = shared_lines.put(viewer, text, note, seen=seen)
            click.echo(f"Version {made.number} with {len(made.entries):,} entries is in force; what was taken in before follows.")
        elif as_versions:
            for each in standing.versions:
                click.echo(f"{each.number:>5}  {each.edited_at:%Y-%m-%d %H:%M}  {each.edited_by}  {each.note}")
            click.echo(f"looked through: {standing.share:.0%}; referrals of all units that wait to be linked anew: {standing.waiting:,}")
        elif seen:
            click.echo(write(shared_lines.version(viewer, seen).entries), nl=False)


@command.command("groups")
@_UNIT
def groups(unit_slug: str) -> None:
    """List the groups of a unit, the largest first."""
    with house.open_house():
        from grace.pipeline.groups import list_groups

        after = ""
        while True:
            found, after = list_groups(_operator_of(unit_slug), after=after, most=200)
            for each in found:
                click.echo(f"{each.id}  {each.kind:<10}{each.members:>8} referrals {each.senders:>5} senders  {each.digest}")
            if not after:
                break


@command.command("definition")
@_UNIT
@click.option("--edit", "file", type=_FILE, help="Put the definition in this file in force.")
@click.option("--note", default="", help="Why, for those who read the versions later.")
def definition(unit_slug: str, file: Path | None, note: str) -> None:
    """Print what a unit calls viral, a duplicate and a bundle, or put another version in force."""
    with house.open_house():
        from grace.pipeline.groups import definitions, edit_definition

        viewer = _operator_of(unit_slug)
        present = definitions(viewer)[0]
        if file is None:
            click.echo(json.dumps(present.body, indent=2))
            return
        made = edit_definition(viewer, _body(file), note, seen=present.number)
        click.echo(f"Version {made.number} is in force for what comes from now on.")


def _as_json(page: LinksPage) -> dict[str, object]:
    links = [
        {
            "referral": str(each.other),
            "number": page.rows[each.other].number,
            "strength": each.strength,
            "by": [{"kind": why.kind, "shared_by": why.shared_by, "strength": why.strength} for why in each.whys],
            "said": each.said.says if each.said else None,
        }
        for each in page.hop.links
        if each.other in page.rows
    ]
    return {"links": links, "total": page.hop.whole, "members": page.hop.members, "after": page.hop.after}


def _as_text(page: LinksPage) -> str:
    told = [
        f"{page.rows[each.other].number:>10}  {each.strength:>4.0%}  {', '.join(dict.fromkeys(why.kind for why in each.whys))}  {each.other}"
        for each in page.hop.links
        if each.other in page.rows
    ]
    told.append(f"{page.hop.whole} linked; {page.hop.members} in the circle")
    return "\n".join([*told, f"next page: --after {page.hop.after}"] if page.hop.after else told)


def _steps(found: Way) -> Iterator[str]:
    for each in found.links or ():
        kinds = ", ".join(dict.fromkeys(why.kind for why in each.whys)) or "confirmed by an officer"
        yield f"{found.rows[each.one].number:>10} - {found.rows[each.other].number}  {each.strength:>4.0%}  {kinds}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8.") from None


def _operator_of(unit_slug: str) -> Viewer:
    """Whoever runs the command on the machine itself, acting for one unit."""
    from grace.accounts.capabilities import Capability
    from grace.accounts.officers import unit_named
    from grace.accounts.viewer import Viewer

    may = frozenset({Capability.READ, Capability.PUBLISH_RULES})
    return Viewer(UUID(int=0), unit_named(unit_slug).id, may, "operation", "operator")


def _body(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8.") from None
    except json.JSONDecodeError as fault:
        raise click.ClickException(f"{file}, line {fault.lineno}, column {fault.colno}: {fault.msg}.") from None
