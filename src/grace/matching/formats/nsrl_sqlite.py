"""The NSRL's Reference Data Set, version 3: an SQLite database, opened read-only and allowed nothing but to read one table.

A database from outside may hold views and triggers that compute: an authoriser lets through only reading and two harmless
functions, so that a view that recurses, writes, attaches or calls anything else is refused before it runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.kernel.sql import fill
from grace.matching.digests import EXACT_BYTES
from grace.matching.formats.item import Tellings
from grace.matching.formats.nsrl_rows import TABLES, item_of

MAGIC = b"SQLite format 3\x00"
_COLUMNS = (*EXACT_BYTES, "file_size", "package_id")
_FUNCTIONS = frozenset({"upper", "lower"})
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_ROWS = 2000
_MOST_STEPS = 50_000_000
"""Instructions between two batches of rows: a view that finds nothing for so long is given up."""
_MOST_VALUE_BYTES = 1 << 20


def knows(head: bytes) -> bool:
    """Whether a file that begins so is an SQLite database."""
    return head.startswith(MAGIC)


def read(path: Path) -> Tellings:
    """Every row of the table of files. Raises :class:`Invalid` for a database that has none."""
    try:
        with closing(_open(path)) as database:
            for number, row in enumerate(_rows(database), start=1):
                yield item_of(number, row)
    except (sqlite3.Error, UnicodeError, OverflowError) as fault:
        raise Invalid(_("This SQLite database cannot be read as an NSRL one: %(why)s") % {"why": type(fault).__name__}) from fault


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON", "temp_store=MEMORY"):
        database.execute(f"PRAGMA {pragma}")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_VALUE_BYTES)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    return database


def _rows(database: sqlite3.Connection) -> Iterator[dict[str, object]]:
    table = _table(database)
    columns = [name for name in _columns(database, table) if name.lower() in _COLUMNS]
    if not {name.lower() for name in columns} & set(EXACT_BYTES):
        raise Invalid(_("The table of files has no column of hashes."))
    steps = _Steps()
    database.set_authorizer(_authorise)
    database.set_progress_handler(steps.over, 100_000)
    names = ", ".join(f'"{name}"' for name in columns)
    found = database.execute(
        fill('SELECT {names} FROM "{table}"', names=names, table=table)
    )  # names that the database itself told, without quotes
    while batch := found.fetchmany(_ROWS):
        steps.since = 0
        for row in batch:
            yield dict(zip((name.lower() for name in columns), row, strict=True))


class _Steps:
    """Counts instructions since the last batch."""

    def __init__(self) -> None:
        self.since = 0

    def over(self) -> int:
        self.since += 100_000
        return int(self.since > _MOST_STEPS)


def _table(database: sqlite3.Connection) -> str:
    known = {
        name.lower(): name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') LIMIT 1000")
    }
    for wanted in TABLES:
        if wanted in known:
            return str(known[wanted])
    raise Invalid(_("This SQLite database has no table of files."), remedy=_("An NSRL set has a table or view FILE."))


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    found = [str(name) for (name,) in database.execute("SELECT name FROM pragma_table_info(?)", [table])]
    return [name for name in found if name.replace("_", "").isalnum()]


def _authorise(action: int, _first: str | None, second: str | None, _database: str | None, _by: str | None) -> int:
    if action in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
