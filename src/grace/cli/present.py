"""Whether a database has the present tables already, asked without Django.

Each start asks. The answer is a stamp over all that makes tables, which the last migration left as a comment on the list of
migrations, so that it is dumped and restored with it. Where it is missing or another one, everything is migrated.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

import grace
from grace.host import database
from grace.host.database import Role
from grace.host.environment import Environment

GRANTS = files("grace.host") / "sql" / "grants.sql"
PROTECTION = files("grace.custody") / "sql" / "protect.sql"
MAKERS = ("django", "procrastinate")
"""Distributions that bring migrations of their own, or run them."""


class Cursor(Protocol):
    """A cursor of psycopg, or Django's around one."""

    def execute(self, query: Any, params: Any = None, /) -> Any:
        """Ask."""

    def fetchone(self) -> Any:
        """The next row of the answer, or None."""


def stamp() -> str:
    """A digest of every migration of ours and of the versions of those who bring others."""
    root = Path(grace.__file__).parent
    digest = hashlib.sha256(" ".join(map(version, MAKERS)).encode())
    for file in sorted(root.glob("*/migrations/*.py")):
        digest.update(f"{file.relative_to(root)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def grant(cursor: Cursor, app_role: str) -> None:
    """Give the role that runs what it needs, and keep it from changing the ledger. To be called as the owner."""
    cursor.execute("SELECT set_config('grace.app_role', %s, false)", [app_role])
    for script in (GRANTS, PROTECTION):
        if script.is_file():
            cursor.execute(script.read_text(encoding="utf-8"))


def leave(cursor: Cursor, text: str) -> None:
    """Leave a stamp where a migration ever ran; an empty one takes it away. To be called as the owner."""
    if _left(cursor) is not None:
        cursor.execute(sql.SQL("COMMENT ON TABLE public.django_migrations IS {}").format(sql.Literal(text)))


def _left(cursor: Cursor) -> str | None:
    """The stamp, empty where there is none; None where no migration ever ran."""
    cursor.execute(
        "SELECT coalesce(obj_description(list, 'pg_class'), '') FROM to_regclass('public.django_migrations') AS list WHERE list IS NOT NULL"
    )
    row = cursor.fetchone()
    return None if row is None else str(row[0])


def is_present(environment: Environment) -> bool:
    """Whether the tables are the present ones; what the role that runs may do is said again, as after a migration."""
    try:
        with psycopg.connect(database.address(environment, Role.OWNER).url, connect_timeout=3) as connection, connection.cursor() as cursor:
            if _left(cursor) != stamp():
                return False
            grant(cursor, database.address(environment).user)
    except psycopg.Error:
        return False  # who migrates says what is wrong
    return True
