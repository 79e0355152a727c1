from __future__ import annotations

import os
from pathlib import Path

import psycopg.conninfo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grace.host import database, environment
from grace.host.database import Address, Role
from grace.host.errors import WrongSetting

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)


def test_an_address_is_read() -> None:
    found = database.parse("postgresql://alice:p%40ss@db.example.org:6432/grace?sslmode=verify-full")
    assert found == Address("db.example.org", 6432, "grace", "alice", "p@ss", (("sslmode", "verify-full"),))


def test_a_socket_may_stand_among_the_options() -> None:
    assert database.parse("postgresql://alice@/grace?host=%2Frun%2Fpg").host == "/run/pg"


@pytest.mark.parametrize("url", ["postgresql://db.example.org/grace", "postgresql://alice@db.example.org"])
def test_half_an_address_is_refused(url: str) -> None:
    with pytest.raises(WrongSetting, match="lacks"):
        database.parse(url)


@given(WORDS, WORDS, WORDS, WORDS)
def test_what_is_written_is_read_again(host: str, name: str, user: str, password: str) -> None:
    address = Address(host, 5432, name, user, password, (("sslmode", "require"),))
    assert database.parse(address.url) == address
    assert psycopg.conninfo.conninfo_to_dict(address.url)["password"] == password


def test_a_password_is_not_shown() -> None:
    assert "word" not in repr(Address("h", 1, "d", "u", "word"))


def test_an_operators_server_has_an_owner_of_its_own() -> None:
    both = {"GRACE_DATABASE_URL": "postgresql://app@h/grace", "GRACE_DATABASE_OWNER_URL": "postgresql://owner@h/grace"}
    found = environment.read(both)
    assert database.address(found).user == "app"
    assert database.address(found, Role.OWNER).user == "owner"
    assert not database.is_embedded(found)


def test_a_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    assert database.socket_folder(Path("/srv/grace")) == Path("/srv/grace/socket")
    long = tmp_path / ("long " * 30)
    folder = database.socket_folder(long)
    assert len(os.fsencode(folder / database.SOCKET_NAME)) <= database.LONGEST_SOCKET
    assert folder != database.socket_folder(tmp_path / ("other " * 30))
