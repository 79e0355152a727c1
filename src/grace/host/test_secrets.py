from __future__ import annotations

from pathlib import Path

import pytest

from grace.host import environment, secrets
from grace.host.errors import WrongSetting


@pytest.fixture
def house(tmp_path: Path) -> environment.Environment:
    found = environment.read({"GRACE_HOME": str(tmp_path)})
    secrets.make_missing(found)
    return found


def test_keys_are_made_once(house: environment.Environment) -> None:
    before = (secrets.session_key(house), secrets.agency_key(house, "1"), secrets.ledger_key(house).public_key().public_bytes_raw())
    secrets.make_missing(house)
    assert before == (secrets.session_key(house), secrets.agency_key(house, "1"), secrets.ledger_key(house).public_key().public_bytes_raw())
    assert len(before[1]) == 32


def test_two_houses_have_different_keys(house: environment.Environment, tmp_path: Path) -> None:
    other = environment.read({"GRACE_HOME": str(tmp_path / "other")})
    secrets.make_missing(other)
    assert secrets.agency_key(house, "1") != secrets.agency_key(other, "1")
    assert secrets.session_key(house) != secrets.session_key(other)


def test_a_damaged_key_says_what_to_do(house: environment.Environment) -> None:
    secrets.agency_key_file(house, "1").write_bytes(b"short")
    with pytest.raises(WrongSetting, match="Restore it"):
        secrets.agency_key(house, "1")
    secrets.ledger_key_file(house).write_bytes(b"nonsense")
    with pytest.raises(WrongSetting, match="Restore it"):
        secrets.ledger_key(house)


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    found = environment.read({"GRACE_HOME": str(tmp_path / "none")})
    assert secrets.session_key(found) == ""
    assert not found.home.exists()


def test_a_session_key_from_the_operator_wins(tmp_path: Path) -> None:
    found = environment.read({"GRACE_HOME": str(tmp_path), "GRACE_SECRET_KEY": "given"})
    assert secrets.session_key(found) == "given"
