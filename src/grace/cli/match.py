"""`grace match`: ask the hash lists about files and digests."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grace.cli import house

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grace.accounts.viewer import Viewer
    from grace.matching.look_up import Answer, Question

Thing = TypeVar("Thing")


@click.command("match")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--digest", "digests", multiple=True, metavar="ALGORITHM:HEX", help="md5:…, sha1:…, sha256:… or pdq:…; may be given again.")
@click.option("--unit", "unit_slug", help="Also the lists of this unit, by its short name; without it those of the agency.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
def command(paths: tuple[Path, ...], digests: tuple[str, ...], unit_slug: str | None, *, as_json: bool) -> None:
    """Ask the hash lists about files (PATHS) and digests. Nothing of them is kept; the ledger says that it was asked, never what."""
    if not paths and not digests:
        raise click.UsageError("Name files, or digests with --digest ALGORITHM:HEX.")
    with house.open_house():
        from grace.accounts.officers import unit_named
        from grace.accounts.viewer import operator
        from grace.pipeline.match import MOST_FILES, MOST_ITEMS, match

        asking = replace(operator(), unit_id=unit_named(unit_slug).id) if unit_slug else operator()
        asked = [(each, _question(each)) for each in digests]
        for files in _in_parts(paths, MOST_FILES):
            _ask_files(asking, files, as_json=as_json)
        for some in _in_parts(asked, MOST_ITEMS):
            for (name, _), answer in zip(some, match(asking, [question for _, question in some]), strict=True):
                _tell(name, [answer], "", as_json=as_json)


def _in_parts(things: Sequence[Thing], most: int) -> Iterator[Sequence[Thing]]:
    return (things[start : start + most] for start in range(0, len(things), most))


def _ask_files(asking: Viewer, paths: Sequence[Path], *, as_json: bool) -> None:
    from grace.pipeline.match import match_files

    with ExitStack() as stack:
        streams = [stack.enter_context(each.open("rb")) for each in paths]
        for path, found in zip(paths, match_files(asking, streams), strict=True):
            _tell(str(path), found.answers, str(found.not_decoded or ""), as_json=as_json)


def _question(written: str) -> Question:
    from grace.matching.digests import LENGTHS, Digest, read_hex

    algorithm, _, value = written.partition(":")
    raw = read_hex(algorithm.lower(), value)
    if raw is None:
        wanted = ", ".join(f"{name}: {2 * length} digits" for name, length in LENGTHS.items())
        raise click.UsageError(f"{written[:80]!r} is no ALGORITHM:HEX ({wanted}).")
    return Digest(algorithm.lower(), raw)


def _tell(name: str, answers: Sequence[Answer], not_decoded: str, *, as_json: bool) -> None:
    if as_json:
        told = [_as_json(each) for each in answers]
        click.echo(json.dumps({"asked": name, "not_decoded": not_decoded, "answers": told}, ensure_ascii=False))
        return
    for each in answers:
        click.echo(f"{name}  {each.asked.algorithm}: {each.state}" + (f" ({each.why})" if each.why else ""))
        for known in each.known:
            how = "exact" if known.kind == "exact" else f"distance {known.distance}"
            if known.overlap:
                how += f", {known.overlap.asked_share:.0f} % of it, {known.overlap.listed_share:.0f} % of what is listed"
            worth = ", ".join(filter(None, (known.meaning, f"set aside: {known.aside}" if known.aside else "")))
            more = "".join([f", {known.note}" if known.note else "", *(f", of the video “{each.label}”" for each in known.videos)])
            click.echo(f"    {known.list_name} ({worth}): {known.category}, {how}, {known.source}{more}")
    if not_decoded:
        click.echo(f"{name}  fingerprint: {not_decoded}")


def _as_json(answer: Answer) -> dict[str, Any]:
    known = [
        {
            "list": each.list_name,
            "category": each.category,
            "source": each.source,
            "kind": each.kind,
            "distance": each.distance,
            "meaning": each.meaning,
            "aside": each.aside,
            "videos": [video.label for video in each.videos],
            "shares": [each.overlap.asked_share, each.overlap.listed_share] if each.overlap else None,
            "spans": list(each.overlap.spans) if each.overlap else None,
        }
        for each in answer.known
    ]
    return {"algorithm": answer.asked.algorithm, "state": answer.state, "why": answer.why or "", "known": known}
