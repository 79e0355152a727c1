"""``grace search``: find referrals and files of a unit by whatever is in hand."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.casework.search import Answer

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("search")
@click.argument("text")
@click.option("--unit", "unit_slug", required=True, help="The unit, by its short name.")
@click.option("--status", default="", help="Only open, taken or closed referrals.")
@click.option("--kind", default="", help="Only this kind of incident (material, enticement …).")
@click.option("--state", default="", help="Only what concerns this state: two letters, or europol.")
@click.option("--files", default="", help="Only with a file that is known, near, new or unchecked; none: without files.")
@click.option("--since", type=DAY, help="Received on this day (UTC) or later.")
@click.option("--until", type=DAY, help="Received on this day (UTC) or earlier.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 200), help="Referrals that are printed.")
@click.option("--after", default="", help="The key of the next page, as the page before printed it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    text: str, unit_slug: str, since: datetime | None, until: datetime | None, most: int, after: str, *, as_json: bool, **only: str
) -> None:
    """Find referrals and files of a unit by TEXT: an identifier in any spelling, a number, a digest, a fingerprint, words. Each search is written down."""
    with house.open_house():
        from dataclasses import replace

        from grace.accounts.capabilities import Capability
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.casework.search_narrow import Narrow
        from grace.pipeline.search import search

        viewer = replace(operator(), unit_id=unit_named(unit_slug).id, capabilities=frozenset({Capability.READ}))
        narrow = Narrow(only["status"], None, only["kind"], only["state"], day(since), day(until), only["files"])
        found = search(viewer, text, narrow, after=after, most=most)
        if as_json:
            click.echo(json.dumps(_as_json(found), ensure_ascii=False))
        else:
            _print(found)


def day(moment: datetime | None) -> date | None:
    """The day that an option names, if it does."""
    return moment.date() if moment else None


def _as_json(found: Answer) -> dict[str, Any]:
    return {
        "read_as": {each.kind: each.value for each in found.readings},
        "total": found.total[0],
        "has_more": found.total[1],
        "referrals": [
            {"id": str(hit.row.referral_id), "number": hit.row.number, "status": hit.row.status, "ways": list(hit.ways)}
            for hit in found.hits
        ],
        "files": [{"id": str(each.holding.file_id), "distance": each.distance} for each in found.files],
        "not_checked": found.not_checked,
        "after": found.after,
    }


def _print(found: Answer) -> None:
    for each in found.readings:
        click.echo(f"read as {each.kind}: {each.value}")
    for hit in found.hits:
        row = hit.row
        click.echo(
            f"{row.number:>10}  {row.status:<7} {row.received_at:%Y-%m-%d %H:%M}  {row.sender_name}  by {', '.join(hit.ways)}  {row.referral_id}"
        )
    for file in found.files:
        how = "the digest" if file.distance is None else f"distance {file.distance}"
        click.echo(f"file {bytes(file.holding.file.sha256).hex()[:16]}  {file.holding.file.media_type}  by {how}")
    if found.not_checked:
        click.echo(f"pictures that look alike: not checked ({found.not_checked})")
    click.echo(f"{found.total[0]}{' or more' if found.total[1] else ''} referrals")
    if found.after:
        click.echo(f"next page: --after {found.after}")
