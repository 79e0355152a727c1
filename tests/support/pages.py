"""The generated pages of docs/reference; ``python -m tests.support.pages`` (``make docs``) writes them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import django

from grace.cli.main import main as grace
from grace.host import environment
from grace.intake.formats.dsa_notice import description as dsa_notice
from grace.intake.formats.grace_json import description as grace_json
from tests.support import feedback_page, fields_page, ground, law_page, model_page, rules_page
from tests.support.source import ROOT

REFERENCE = ROOT / "docs" / "reference"


def settings_page() -> str:
    """Every setting: name, type, default, meaning."""
    lines = [
        "# Settings",
        "",
        "Generated from `src/grace/host/environment.py` (`make docs`). GRACE is set by environment variables. A secret may also be given",
        "as `…_FILE`, the path of a file that holds it. A variable that starts with `GRACE_` and is not listed here stops the start.",
        "",
        "| setting | takes | default | meaning |",
        "|---|---|---|---|",
    ]
    for declared in environment.declarations():
        default = f"`{declared.default.replace('{home}', 'GRACE_HOME')}`" if declared.default else "none"
        secret = f" A secret: `{declared.name}_FILE` too." if declared.secret else ""
        lines.append(f"| `{declared.name}` | {declared.takes} | {default} | {declared.meaning}{secret} |")
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    """The help of every command, as the command line prints it."""
    head = "# The command line\n\nGenerated from the commands themselves (`make docs`).\n"
    return "\n".join([head, *_helps(grace, click.Context(grace, info_name="grace", **grace.context_settings))])


def _helps(command: click.Command, context: click.Context) -> Iterator[str]:
    context.terminal_width = 100
    command._help_option = None  # click keeps the one that was made for another context
    yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _helps(inner, click.Context(inner, info_name=name, parent=context))


def openapi_page() -> str:
    """The API's own description, as `GET /api/v1/openapi.json` gives it."""
    from grace.api.urls import v1

    return json.dumps(v1.get_openapi_schema(path_prefix="/api/v1/"), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def report_schema() -> str:
    """The JSON Schema of reports in our own JSON."""
    return json.dumps(grace_json.schema(), indent=2, ensure_ascii=False) + "\n"


def notice_schema() -> str:
    """The JSON Schema of notices under Article 18 of the Digital Services Act."""
    return json.dumps(dsa_notice.schema(), indent=2, ensure_ascii=False) + "\n"


def passport_schema() -> str:
    """The JSON Schema of a model's passport."""
    from grace.analysis.register.passport import passport_schema as schema

    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def rules_schema() -> str:
    """The JSON Schema of a rules file."""
    from grace.priority.rule_schema import rules_file_schema

    return json.dumps(rules_file_schema(), indent=2, ensure_ascii=False) + "\n"


def schema_page() -> str:
    """The schema that `GET /ispws/xsd` gives."""
    from grace.intake.formats.cybertipline.xsd import schema_of

    return schema_of("reports.agency.example").decode()


PAGES: Mapping[Path, Callable[[], str]] = {
    REFERENCE / "settings.md": settings_page,
    REFERENCE / "cli.md": cli_page,
    law_page.PAGE: law_page.law_page,
    rules_page.PAGE: rules_page.rules_page,
    REFERENCE / "openapi.json": openapi_page,
    REFERENCE / "report.schema.json": report_schema,
    REFERENCE / "dsa-notice.schema.json": notice_schema,
    REFERENCE / "model-passport.schema.json": passport_schema,
    REFERENCE / "rules.schema.json": rules_schema,
    model_page.PAGE: model_page.model_page,
    fields_page.PAGE: fields_page.fields_page,
    feedback_page.PAGE: feedback_page.feedback_page,
    REFERENCE / "report.xsd": schema_page,
}


if __name__ == "__main__":
    home = ground.make_home()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grace.config.settings")
    django.setup()
    for path, make in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")
    ground.remove_home(home)
