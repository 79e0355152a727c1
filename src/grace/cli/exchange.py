"""``grace exchange``: packages carried by file across an air gap, and what waits in the outbox."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from grace.cli.house import open_house


@click.group()
def command() -> None:
    """Packages for and from other agencies."""


@command.command("list")
def list_waiting() -> None:
    """Show the packages that wait to be carried over by file."""
    with open_house():
        from grace.exchange.outbox import waiting_for_file

        for each in waiting_for_file():
            click.echo(f"{each.id}  {each.kind} for {each.agency.name}, until {each.expires_at:%Y-%m-%d}")


@command.command("export")
@click.argument("package", type=click.UUID)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export(package: UUID, path: Path) -> None:
    """Write a package to the file PATH, signed and sealed for its recipient: it can be carried on any medium."""
    with open_house():
        from grace.pipeline.hand_over import export as write

        found = write(package, path)
        click.echo(f"{path}: for {found.agency.name}. Bring its receipt back: grace exchange import.")


@command.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--receipt", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the receipt for a package.")
def import_file(path: Path, receipt: Path | None) -> None:
    """Take the file PATH in: a package into the inbox of the unit GRACE_EXCHANGE_UNIT, or a receipt for one of ours."""
    with open_house():
        from grace.exchange import receipts
        from grace.pipeline.hand_over import take_receipt
        from grace.pipeline.take_over import receive_package

        with path.open("rb") as stream:
            head = stream.read(len(receipts.MAGIC))
            stream.seek(0)
            if head == receipts.MAGIC.encode():
                found = take_receipt(stream.read(receipts.MOST_BYTES + 1).decode("utf-8", "replace"))
                click.echo(f"{found.agency.name} has received the package {found.id}.")
                return
            arrival = receive_package(stream)
        click.echo(f"{arrival.kind} from {arrival.agency.name}: {arrival.state}.")
        if receipt:
            receipt.write_text(arrival.receipt, encoding="utf-8")
            click.echo(f"Carry the receipt back: {receipt}")
        else:
            click.echo(arrival.receipt, nl=False)


@command.command("send")
def send() -> None:
    """Send what is due now, as the worker does by itself."""
    with open_house():
        from grace.pipeline.hand_over import send_due

        click.echo(f"{send_due()} delivered.")
