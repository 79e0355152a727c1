"""Bring a database to the present tables, as the role that owns it, then give the role that runs what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from grace.cli import present
from grace.host import database, postgres
from grace.host.database import Address, Role
from grace.host.environment import Environment

TABLES = files("grace.host") / "sql" / "tables.sql"

LOCK_PATIENCE = "10s"
"""How long a migration waits for a table that is in use; then it fails, and nothing has changed."""


@contextmanager
def as_owner(owner: Address) -> Iterator[None]:
    """Let Django's connection speak as the owner inside the block."""
    usual: dict[str, Any] = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {
        "HOST": owner.host,
        "PORT": str(owner.port),
        "NAME": owner.database,
        "USER": str(owner.user),
        "PASSWORD": owner.password,
        "OPTIONS": {**dict(owner.options), "options": f"-c lock_timeout={LOCK_PATIENCE}"},
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(usual)


def bring_up_to_date(environment: Environment, *, verbosity: int = 0) -> None:
    """Migrate the installation's database. Its stamp is taken away first: who is killed in the middle leaves none."""
    with as_owner(database.address(environment, Role.OWNER)):
        _leave_stamp("")
        migrate(database.address(environment).user, verbosity=verbosity)
        _leave_stamp(present.stamp())


def _leave_stamp(text: str) -> None:
    with connection.cursor() as cursor:
        present.leave(cursor, text)


def migrate(app_role: str, *, verbosity: int = 0) -> None:
    """Migrate, grant, protect the ledger. To be called as the owner; ``app_role`` is the role that runs."""
    if _is_empty():
        _make_present_tables()
    call_command("migrate", interactive=False, verbosity=verbosity)
    with connection.cursor() as cursor:
        present.grant(cursor, app_role)


def _is_empty() -> bool:
    """Whether the database holds nothing yet, and its server knows the words that the present tables are written in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int >= %s"
            " AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
            [postgres.MAJOR * 10_000],
        )
        return bool(cursor.fetchone()[0])


def _make_present_tables() -> None:
    """Make what all migrations together make, and note them as applied: one by one they take ten seconds of a processor."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLES.read_text(encoding="utf-8"))
