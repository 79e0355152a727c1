"""``grace notices link``: made, listed and ended from the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from grace.accounts.models import Unit
from grace.cli import notices as group
from grace.cli.main import main

pytestmark = pytest.mark.django_db


@contextmanager
def _open_house() -> Iterator[None]:
    """The test's own database is open already."""
    yield


@pytest.fixture(autouse=True)
def in_this_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "open_house", _open_house)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["notices", "link", *words])


def test_a_link_is_made_used_listed_and_ended(harbour_unit: Unit) -> None:
    made = run("add", "Example Hosting", "--unit", harbour_unit.slug, "--address", "https://grace.agency.example/")
    assert made.exit_code == 0, made.output
    address = made.stdout.strip()
    assert address.startswith("https://grace.agency.example/notice/")
    path = address.removeprefix("https://grace.agency.example")
    assert Client().get(path).status_code == 302
    listed = run("list").stdout
    assert "Example Hosting\tharbour-unit" in listed
    assert listed.strip().endswith("works")
    assert path.split("/")[2] not in listed
    ended = run("revoke", listed.split("\t")[0])
    assert "void" in ended.stdout
    assert run("list").stdout.strip().endswith("revoked")
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "Example Hosting", "--unit", "nowhere"), "There is no unit"),
        (("add", " ", "--unit", "harbour-unit"), "needs a name"),
        (("add", "Example Hosting", "--unit", "harbour-unit", "--days", "900"), "366 days"),
        (("revoke", "00000000-0000-0000-0000-000000000000"), "no such link"),
    ],
)
def test_mistakes_are_told_in_one_line(words: tuple[str, ...], says: str, harbour_unit: Unit) -> None:
    answer = run(*words)
    assert answer.exit_code == 1
    assert says in answer.output
