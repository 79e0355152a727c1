"""The command ``grace``: one file per group of verbs, loaded when it is called for, so that ``grace parse`` needs no Django."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

import grace
from grace.kernel.errors import GraceError

GROUPS = (
    "up",
    "demo",
    "doctor",
    "validate",
    "receive",
    "parse",
    "priority",
    "routing",
    "links",
    "lists",
    "search",
    "searches",
    "match",
    "models",
    "index",
    "evidence",
    "custody",
    "accounts",
    "senders",
    "notices",
    "agencies",
    "exchange",
    "simulate",
    "migrate",
    "catch-up",
    "web",
    "worker",
)
"""In the order of ``grace --help``: each is a module of this package (with an underscore for a hyphen) whose ``command`` is a click command."""


SELDOM = (50_000, 20, 100)
"""When garbage is looked for: Python's own numbers take a fifth of a start, for what is loaded stays until the end."""


def _module(name: str) -> str:
    return f"grace.cli.{name.replace('-', '_')}"


class _Groups(click.Group):
    """Finds a command by importing its file; turns an expected failure into one line and its remedy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The groups that are installed."""
        del ctx
        return [name for name in GROUPS if find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the group's file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(_module(cmd_name)).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except GraceError as failure:
            raise click.ClickException(str(failure)) from failure


@click.group(cls=_Groups, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(grace.__version__, prog_name="grace")
def main() -> None:
    """The open referral platform for units that protect children."""
    os.umask(0o077)  # whatever a command writes is its owner's alone
    gc.set_threshold(*SELDOM)


if __name__ == "__main__":
    main(prog_name="grace")
