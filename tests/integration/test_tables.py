"""A fresh database starts from the present tables; they are what the migrations make."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import tables

BRACKETS = str.maketrans("", "", "()")


@pytest.fixture
def outside(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The server, without the database of this worker."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django keeps the blocker's type private
        yield


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("outside")
def test_the_file_is_what_the_migrations_make() -> None:
    made = tables.make("grace_one_by_one", by_migrations=True)
    assert made == tables.FILE.read_text(encoding="utf-8"), "run `make docs`"


@pytest.mark.usefixtures("outside")
def test_a_database_made_from_the_file_is_the_same() -> None:
    """But for brackets around brackets, which PostgreSQL drops where it reads a condition again."""
    made, kept = tables.make("grace_at_once", by_migrations=False), tables.FILE.read_text(encoding="utf-8")
    assert made.translate(BRACKETS) == kept.translate(BRACKETS)
