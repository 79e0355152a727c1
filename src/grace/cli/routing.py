"""``grace routing …``: measure how well the states concerned are found."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from grace.cli import house

if TYPE_CHECKING:
    from grace.routing.calibrate import Judged


@click.group("routing")
def command() -> None:
    """The states concerned by referrals."""


@command.command("calibration")
@click.option("--unit", "unit_slug", required=True, help="The unit, by its short name.")
@click.option(
    "--truth",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='JSON lines with the sender\'s number and the right states: {"number": "…", "states": ["AT"]}. Without it the corrections of officers.',
)
def calibration(unit_slug: str, truth: Path | None) -> None:
    """Print how often proposals are right, by confidence, and how often whole sets are."""
    with house.open_house():
        from grace.accounts.capabilities import Capability
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import Viewer
        from grace.pipeline.route import measure

        viewer = Viewer(UUID(int=0), unit_named(unit_slug).id, frozenset({Capability.READ}), "operation", "operator")
        if truth is None:
            click.echo("By the corrections of officers: of each referral only the recipients that they spoke of.")
            _print(measure(viewer))
        else:
            with truth.open("rb") as stream:
                _print(measure(viewer, stream))


def _print(judged: Iterable[Judged]) -> None:
    from grace.routing.calibrate import calibrate, table

    found = calibrate(judged)
    for line in table(found):
        click.echo(line)
    click.echo(f"{found.referrals:,} referrals; {found.sets_right:,} sets right")
    for name, value in (("precision", found.precision), ("recall", found.recall), ("calibration gap", found.gap)):
        click.echo(f"{name}: {'-' if value is None else f'{value:.3f}'}")
