"""Bring a database to the present tables, as the role that owns it, then give the role that runs what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from django.core.management import call_command
from django.db import connection

GRANTS = files("grace.host") / "sql" / "grants.sql"
PROTECTION = files("grace.custody") / "sql" / "protect.sql"


@contextmanager
def as_owner(owner: dict[str, Any]) -> Iterator[None]:
    """Let Django's connection speak as the owner inside the block; ``owner`` holds USER and PASSWORD (and what else differs)."""
    usual = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(usual)


def migrate(app_role: str, *, verbosity: int = 0) -> None:
    """Migrate, grant, protect the ledger. To be called as the owner; ``app_role`` is the role that runs."""
    call_command("migrate", interactive=False, verbosity=verbosity)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('grace.app_role', %s, false)", [app_role])
        for script in (GRANTS, PROTECTION):
            if script.is_file():
                cursor.execute(script.read_text(encoding="utf-8"))
