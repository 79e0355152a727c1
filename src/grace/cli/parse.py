"""``grace parse``: what a document says, as canonical JSON; nothing is stored and no database is needed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from grace.intake import registry
from grace.intake.canonical import Json, canonical
from grace.intake.members import digests_of, match
from grace.intake.normalise import facts
from grace.intake.packages import Opened, open_package
from grace.sdk.intake import Reading, Unreadable


@click.command("parse")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--compact", is_flag=True, help="One report per line, for other programs.")
def command(path: Path, *, compact: bool) -> None:
    """Print what the document, folder or ZIP at PATH says, as canonical JSON.

    One JSON object per report. Nothing is stored. A document that cannot be read ends with status 1 and the reason.
    """
    try:
        with open_package(path) as package:
            for spoken in _spoken(package):
                click.echo(json.dumps(spoken, ensure_ascii=False, indent=None if compact else 2))
    except Unreadable as error:
        raise click.ClickException(f"not readable ({error.code}): {error.message}") from error


def _spoken(package: Opened) -> list[Json]:
    readings = registry.read(package)
    documents = {name for reading in readings for name in reading.documents}
    inside = {member.name: member for reading in readings for member in reading.files}
    digests = digests_of({**inside, **package}, [name for name in (*package, *inside) if name not in documents])
    return [_one(reading, digests) for reading in readings]


def _one(reading: Reading, digests: dict[str, dict[str, bytes]]) -> Json:
    return canonical(reading, match(facts(reading.report).attachments, digests))
