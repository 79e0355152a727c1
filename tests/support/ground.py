"""One embedded PostgreSQL for a test session; each worker has a database of its own, cloned from one that was migrated once."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from django.core.management import call_command
from psycopg import sql

from grace.cli import migration
from grace.host import database, environment, postgres, secrets
from grace.host.database import Role

TEMPLATE = "grace_template"
KEPT = "kept"
"""The schema of copies of the rows that migrations made."""


def make_home() -> Path:
    """A private home for this session, told to everything by GRACE_HOME; made in the main process before Django reads settings."""
    home = Path(tempfile.mkdtemp(prefix="grace-test-"))
    for name in [name for name in os.environ if name.startswith(environment.PREFIX)]:
        del os.environ[name]
    os.environ["GRACE_HOME"] = str(home)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[2] / "build" / "kernels"))  # compiled once for all homes of tests
    database.make_passwords(home)
    secrets.make_missing(environment.read())
    (home / "static").mkdir()
    return home


def present_home() -> Path:
    """The session's home."""
    return environment.read().home


def collect_static() -> None:
    """Collect style sheets and scripts into the home, as `grace web` does when it starts; pages name them by their digest."""
    call_command("collectstatic", interactive=False, verbosity=0)


def start_server() -> postgres.Server:
    """The session's server: no fsync, and room for many connections."""
    return postgres.start(present_home(), durable=False, settings={"max_connections": "200", "timezone": "UTC"})


def remove_home(home: Path) -> None:
    """Remove the session's home, and its socket where that lies elsewhere."""
    shutil.rmtree(database.socket_folder(home), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def connect(role: Role, name: str) -> psycopg.Connection:
    """A connection to a database of the session, committing each statement."""
    found = database.embedded(present_home(), role)
    return psycopg.connect(host=found.host, port=found.port, user=found.user, password=found.password, dbname=name, autocommit=True)


def connect_app(name: str) -> psycopg.Connection:
    """A connection beside Django's own, as the role that runs."""
    return connect(Role.APP, name)


def end_connections(name: str) -> list[int]:
    """Cut every connection of the role that runs to a database; their processes."""
    with connect(Role.SUPERUSER, "postgres") as server:
        rows = server.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = 'grace_app'", [name]).fetchall()
        for (pid,) in rows:  # one by one: in one query PostgreSQL may end first and compare names afterwards
            server.execute("SELECT pg_terminate_backend(%s)", [pid])
    return [row[0] for row in rows]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one worker of the session at a time into the block."""
    with (present_home() / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_database(name: str) -> None:
    """Make a migrated database, owned by the owner; the first caller of the session migrates the template."""
    with one_at_a_time(), connect(Role.SUPERUSER, "postgres") as server:
        if not _exists(server, TEMPLATE):
            _create(server, "grace_draft", like="template1")
            _migrate("grace_draft")
            server.execute(sql.SQL("ALTER DATABASE grace_draft RENAME TO {}").format(sql.Identifier(TEMPLATE)))
        _create(server, name, like=TEMPLATE)


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _create(server: psycopg.Connection, name: str, *, like: str) -> None:
    statement = "CREATE DATABASE {} OWNER grace_owner TEMPLATE {}"
    server.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(like)))


def migrate(name: str, *, one_by_one: bool = False) -> None:
    """Give an empty database its tables, at once or by one migration after the other."""
    owner = database.embedded(present_home(), Role.OWNER)
    with migration.as_owner(replace(owner, database=name)):
        if one_by_one:
            call_command("migrate", interactive=False, verbosity=0)
        migration.migrate(Role.APP)


def _migrate(name: str) -> None:
    migrate(name)
    with connect(Role.OWNER, name) as kept:
        kept.execute(f"CREATE SCHEMA {KEPT}")
        for table in filled(kept):
            kept.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(sql.Identifier(KEPT, table), sql.Identifier("public", table)))


def tables(connection: psycopg.Connection) -> list[str]:
    """Every table but the list of migrations."""
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1")
    return [row[0] for row in rows]


def filled(connection: psycopg.Connection) -> list[str]:
    """The tables that hold rows."""
    probes = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier("public", table))
        for table in tables(connection)
    ]
    return [row[0] for row in connection.execute(sql.SQL(" UNION ALL ").join(probes))] if probes else []


def empty(name: str) -> None:
    """Put a database back to what its migrations made, as the owner."""
    with connect(Role.OWNER, name) as connection, connection.transaction():
        used = filled(connection)
        if not used:
            return
        names = sql.SQL(", ").join(sql.Identifier("public", table) for table in used)
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        left = set(filled(connection))
        kept = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [KEPT]).fetchall()
        for (table,) in kept:
            if table not in left:
                _restore(connection, table)


def _restore(connection: psycopg.Connection, table: str) -> None:
    """Copy the rows back. Foreign keys are checked at the end of the transaction, so the order of tables is free."""
    query = (
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"
    )
    columns = sql.SQL(", ").join(sql.Identifier(row[0]) for row in connection.execute(query, [table]))
    statement = "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}"
    connection.execute(sql.SQL(statement).format(sql.Identifier("public", table), columns, columns, sql.Identifier(KEPT, table)))
