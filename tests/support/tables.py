"""The tables as all migrations make them, in SQL; ``python -m tests.support.tables`` (``make docs``) writes what fresh databases start from."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from psycopg import sql

from grace.cli import migration
from grace.host import database, postgres
from grace.host.database import Role
from tests.support import ground

FILE = Path(str(migration.TABLES))
HEAD = f"""-- Every table, as all migrations together make it. Generated (`make docs`), and held to the migrations by a test.
-- An empty database of PostgreSQL {postgres.MAJOR} or later starts from here; migrations that are not named at the end follow.
SET LOCAL check_function_bodies = off;
"""
_TALK = re.compile(
    r"--$|-- (Name:|PostgreSQL database dump|Dumped )|\\(un)?restrict |CREATE SCHEMA public;|COMMENT ON SCHEMA public |SELECT pg_catalog\.set_config"
    r"|SET (\w+_timeout|client_\w+|standard_conforming_strings|check_function_bodies|xmloption|row_security|default_tab\w+) = "
)
"""Lines of a dump that say nothing of tables."""


def make(name: str, *, by_migrations: bool) -> str:
    """Make an empty database's tables; what they are, and which migrations count as applied."""
    with ground.connect(Role.SUPERUSER, "postgres") as server:
        server.execute(sql.SQL("CREATE DATABASE {} OWNER grace_owner TEMPLATE template1").format(sql.Identifier(name)))
    try:
        ground.migrate(name, one_by_one=by_migrations)
        return written(name)
    finally:
        with ground.connect(Role.SUPERUSER, "postgres") as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def written(name: str) -> str:
    """The file that makes a database like this one."""
    found = database.embedded(ground.present_home(), Role.OWNER)
    where = ["-h", found.host, "-p", str(found.port), "-U", str(found.user)]
    dump = subprocess.run(
        [str(postgres.programs() / "pg_dump"), *where, "--schema-only", "--schema=public", "--no-owner", "--no-privileges", name],
        env={"PGPASSWORD": found.password or "", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line for line in dump.stdout.splitlines() if not _TALK.match(line)]
    body = re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip()
    with ground.connect(Role.OWNER, name) as connection:
        applied = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    rows = ",\n".join(f"    ('{app}', '{migration_}', now())" for app, migration_ in applied)
    return f"{HEAD}\n{body}\n\nINSERT INTO public.django_migrations (app, name, applied) VALUES\n{rows};\n"


def main() -> None:
    """Write the file."""
    import conftest

    conftest._start()
    try:
        FILE.write_text(make("grace_tables", by_migrations=True), encoding="utf-8")
        print(f"wrote {FILE.name}")
    finally:
        conftest.pytest_unconfigure()


if __name__ == "__main__":
    main()
