"""What the first layer stands on: settings and keys in a home of its own, a list with one password, and no database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KNOWN, UNKNOWN = "seven quiet lighthouses", "nobody was told"
"""A password that stands in the operator's list of a run, and one that does not."""


@contextmanager
def home() -> Iterator[Path]:
    """A home for this process, told to everything by GRACE_HOME; removed afterwards."""
    from tests.support import ground

    made = ground.make_home()
    (made / "listed").write_text(f"{KNOWN}\nanother word\n")
    os.environ["GRACE_PASSWORDS_FILE"] = str(made / "listed")
    os.environ["GRACE_LOG_LEVEL"] = "error"
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def set_up() -> None:
    """Let Django read its settings; whatever asks for the database is refused by it."""
    from grace.cli.house import set_up_django

    set_up_django()
