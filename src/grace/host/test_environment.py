from __future__ import annotations

from pathlib import Path

import pytest

from grace.host import environment
from grace.host.errors import WrongSetting


def test_everything_has_a_default() -> None:
    found = environment.read({})
    assert found.home == Path("~/.grace").expanduser()
    assert found.vault == found.home / "vault"
    assert found.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert found.production is False


def test_values_are_typed(tmp_path: Path) -> None:
    found = environment.read({"GRACE_HOME": str(tmp_path), "GRACE_PORT": "8080", "GRACE_PRODUCTION": "Yes", "GRACE_SEQUENCE_EVERY": "0.25"})
    assert (found.home, found.port, found.production, found.sequence_every) == (tmp_path, 8080, True, 0.25)
    assert found.keys == tmp_path / "keys"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRACE_PORT", "70000"),
        ("GRACE_PORT", "eighty"),
        ("GRACE_PRODUCTION", "perhaps"),
        ("GRACE_SEQUENCE_EVERY", "nan"),
        ("GRACE_SEQUENCE_EVERY", "soon"),
        ("GRACE_LOG_LEVEL", "loud"),
        ("GRACE_DATABASE_URL", "mysql://somewhere"),
        ("GRACE_AGENCY_KEY", "../other"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name) as caught:
        environment.read({name: value})
    assert "write" in str(caught.value)
    assert value not in str(caught.value).replace(name, "")


def test_a_misspelt_setting_is_refused_with_the_right_one() -> None:
    with pytest.raises(WrongSetting, match=r"GRACE_HOEM.*Did you mean GRACE_HOME\?"):
        environment.read({"GRACE_HOEM": "/x"})
    with pytest.raises(WrongSetting, match=r"settings\.md"):
        environment.read({"GRACE_QQQQQQQQQQ": "1"})


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("of the house\n")
    assert environment.read({"GRACE_SECRET_KEY_FILE": str(file)}).secret_key == "of the house"
    with pytest.raises(WrongSetting, match="both set"):
        environment.read({"GRACE_SECRET_KEY_FILE": str(file), "GRACE_SECRET_KEY": "other"})
    with pytest.raises(WrongSetting, match="cannot be read"):
        environment.read({"GRACE_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_what_is_no_secret_has_no_file() -> None:
    with pytest.raises(WrongSetting, match="GRACE_PORT_FILE"):
        environment.read({"GRACE_PORT_FILE": "/x"})


def test_every_declaration_can_be_documented() -> None:
    for declared in environment.declarations():
        assert declared.takes, declared.name
        assert declared.meaning.endswith("."), declared.name
