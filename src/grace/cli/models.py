"""`grace models …`: take models in, look at them, say what they may do, stop them, make their numbers again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grace.cli import house

if TYPE_CHECKING:
    from uuid import UUID


@click.group("models")
def command() -> None:
    """Models: which there are, and what each may do."""


@command.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--shipped", help="Instead of a path, a model that comes with GRACE: stand-ins.")
def import_model(path: Path | None, shipped: str | None) -> None:
    """Take in the model in the folder or ZIP PATH: model.onnx, passport.json, signatures.json."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.analysis.register import shipped as with_grace
        from grace.pipeline.models import import_model as take_in

        if (path is None) == (shipped is None) or (shipped is not None and shipped not in with_grace.NAMES):
            raise click.UsageError(f"Give a path, or --shipped with one of: {', '.join(with_grace.NAMES)}.")
        made, is_new = take_in(operator(), path or with_grace.folder(shipped or ""))
    click.echo(f"{made.name}@{made.version} {'taken in' if is_new else 'was here already'} ({made.digest[:12]}…). It is {made.state}.")


@command.command("sign")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.confirmation_option(prompt="Have you read its card, and does your agency vouch for this model?")
def sign(path: Path) -> None:
    """Sign the passport in the folder PATH with this installation's key."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import sign as vouch

        folder = vouch(operator(), path)
    click.echo(f"Signed: {folder.passport.name}@{folder.passport.version} ({folder.digest[:12]}…).")


@command.command("list")
def list_models() -> None:
    """Show all models with what they may do."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.analysis.register.trust import name_of
        from grace.pipeline.models import every

        kept = every(operator())
        for each in kept:
            labels = ", ".join(label.name for label in each.passport.labels if label.term)
            signer = name_of(each.row.signer)
            click.echo(f"{each.row.name}@{each.row.version}: {each.row.state}; {labels}; signed by {signer}; {each.row.digest[:12]}…")
        if not kept:
            click.echo("No model yet: grace models import PATH, or grace models import --shipped stand-ins")


@command.command("verify")
@click.argument("model")
def verify(model: str) -> None:
    """Look the MODEL (NAME@VERSION) through again: graph, passport, signatures."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import verify as look_again

        folder = look_again(operator(), _id(model))
    click.echo(
        f"Sound: {folder.looked.parameters:,} numbers, {len(folder.looked.operators)} kinds of operators, "
        f"{len(folder.signatures)} signatures, digest {folder.digest}."
    )


@command.command("shadow")
@click.argument("model")
def shadow(model: str) -> None:
    """Let the MODEL (NAME@VERSION) run on new files without being seen."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import begin_shadow

        _tell(begin_shadow(operator(), _id(model)))


@command.command("promote")
@click.argument("model")
@click.confirmation_option(prompt="Let officers see what this model says?")
def promote(model: str) -> None:
    """Let officers see what the MODEL (NAME@VERSION) says, in place of the one before it."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import promote as let_speak

        _tell(let_speak(operator(), _id(model)))


@command.command("rollback")
@click.argument("name")
@click.confirmation_option(prompt="Return to the model before, and count nothing that the present one said?")
def rollback(name: str) -> None:
    """Return to the model NAME that was promoted before the present one."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import roll_back

        _tell(roll_back(operator(), name))


@command.command("stop")
@click.argument("name")
def stop(name: str) -> None:
    """Stop all models of this NAME at once; nothing that they said counts any more."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import stop as silence

        for each in silence(operator(), name):
            _tell(each)


@command.command("compare")
@click.argument("first")
@click.argument("second")
def compare(first: str, second: str) -> None:
    """Put two models (NAME@VERSION) side by side on the files and texts that both have seen, and beside what officers said of those."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.model_page import beside

        found = beside(operator(), _id(first), _id(second)).compared
    click.echo(f"{found.files:,} files or texts seen by both; on {len(found.differ):,} they do not tell the same.")
    for each in found.terms:
        click.echo(f"{each.term}: both {each.both:,}, only {first} {each.first:,}, only {second} {each.second:,}, neither {each.neither:,}")
        for said, told in (("right", each.right), ("wrong", each.wrong)):
            if told.files:
                click.echo(f"  {told.files:,} that officers called {said}: {first} tells {told.first:,}, {second} {told.second:,}")


@command.command("replay")
@click.argument("model")
@click.option("--most", default=100, show_default=True, help="How many of its newest inferences.")
def replay(model: str, most: int) -> None:
    """Make inferences of the MODEL (NAME@VERSION) again and compare. Exit status 1 where one differs."""
    with house.open_house():
        from grace.accounts.viewer import operator
        from grace.pipeline.models import replay_some

        told = replay_some(operator(), _id(model), most)
        for each in told:
            if not each.is_same:
                why = each.failed or ("another tensor" if not each.same_tensor else f"farthest score {each.farthest:g} away")
                click.echo(f"{each.inference.subject}: {why}{f'; computed by {each.rule}' if each.rule else ''}", err=True)
    differ = sum(not each.is_same for each in told)
    click.echo(f"{len(told)} made again, {differ} differ.")
    if differ:
        raise SystemExit(1)


def _id(reference: str) -> UUID:
    from grace.analysis.register.keep import named

    return named(reference).row.id


def _tell(row: object) -> None:
    click.echo(f"{row} is {getattr(row, 'state', '')}.")
