from __future__ import annotations

import os
from pathlib import Path

import pytest

from grace.host import account, checks, environment, postgres, secrets
from grace.host.checks import Grade
from grace.host.environment import Environment


def house(home: Path, **settings: str) -> Environment:
    return environment.read({"GRACE_HOME": str(home)} | {f"GRACE_{name.upper()}": value for name, value in settings.items()})


def test_a_new_machine_has_nothing_bad(tmp_path: Path) -> None:
    found = {finding.about: finding for finding in checks.examine(house(tmp_path))}
    assert [finding for finding in found.values() if finding.grade is Grade.BAD] == []
    assert found["database"].mend == "Start it: grace up."


def test_keys_that_others_may_read_are_bad(tmp_path: Path) -> None:
    one = house(tmp_path)
    secrets.make_missing(one)
    assert checks.check_keys(one).grade is Grade.GOOD
    secrets.agency_key_file(one, "1").chmod(0o644)
    assert checks.check_keys(one).grade is Grade.BAD
    assert "chmod" in checks.check_keys(one).mend


def test_a_list_of_passwords_that_others_may_read_is_bad(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    one = house(tmp_path, passwords_file=str(file))
    assert checks.check_passwords(one).grade is Grade.BAD
    file.write_text("seven quiet lighthouses")
    file.chmod(0o640)
    assert "chmod" in checks.check_passwords(one).mend
    file.chmod(0o600)
    assert checks.check_passwords(one).grade is Grade.GOOD
    assert "lighthouses" not in checks.check_passwords(one).says


def test_exchange_needs_a_name_a_state_and_its_key(tmp_path: Path) -> None:
    assert checks.check_exchange(house(tmp_path)).grade is Grade.NOTE
    assert checks.check_exchange(house(tmp_path, agency_name="Example Police")).grade is Grade.BAD
    one = house(tmp_path, agency_name="Example Police", agency_state="DE", exchange_unit="harbour-unit")
    assert checks.check_exchange(one).grade is Grade.BAD
    secrets.make_missing(one)
    assert checks.check_exchange(one).grade is Grade.GOOD
    (one.keys / "exchange-1.key").write_text("{}")
    assert checks.check_exchange(one).grade is Grade.BAD


def test_production_needs_a_tested_copy_of_the_keys(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    one = house(tmp_path / "home", production="yes", keys_copy=str(copy))
    secrets.make_missing(one)
    assert checks.check_keys_copy(one).grade is Grade.BAD
    copy.mkdir()
    assert checks.check_keys_copy(one).grade is Grade.BAD
    for name in ("agency-1.key", "ledger.pem", "exchange-1.key"):
        (copy / name).write_bytes((one.keys / name).read_bytes())
    assert checks.check_keys_copy(one).grade is Grade.GOOD
    (copy / "agency-1.key").write_bytes(b"another")
    assert "agency-1.key" in checks.check_keys_copy(one).says


def test_one_role_for_everything_is_bad_in_production(tmp_path: Path) -> None:
    url = "postgresql://one@127.0.0.1:1/grace"
    assert checks.check_roles(house(tmp_path, database_url=url)).grade is Grade.NOTE
    assert checks.check_roles(house(tmp_path, database_url=url, production="yes")).grade is Grade.BAD
    assert checks.check_roles(house(tmp_path, production="yes")).grade is Grade.GOOD


def test_a_server_that_does_not_answer_is_bad_where_it_is_the_operators(tmp_path: Path) -> None:
    assert checks.check_database(house(tmp_path, database_url="postgresql://one@127.0.0.1:1/grace")).grade is Grade.BAD


def test_listening_to_everyone_without_tls_is_bad_in_production(tmp_path: Path) -> None:
    assert checks.check_reach(house(tmp_path, host="0.0.0.0", production="yes")).grade is Grade.BAD
    assert checks.check_reach(house(tmp_path, host="0.0.0.0", production="yes", https="yes")).grade is Grade.GOOD


def test_a_full_disk_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_DISK", 2**62)
    assert checks.check_disk(house(tmp_path)).grade is Grade.BAD


def test_a_running_server_is_looked_at(tmp_path: Path) -> None:
    one = house(tmp_path)
    with postgres.holding(tmp_path):
        server = postgres.start(tmp_path, durable=False)
        assert checks.check_database(one).says == "PostgreSQL 18 answers"
        assert checks.check_clock(one).says == "agrees with the database's"
        server.stop()


def test_missing_programs_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pip install" in checks.check_programs(house(tmp_path)).mend


@pytest.mark.skipif(os.geteuid() != 0, reason="only root takes another account")
def test_forbidden_namespaces_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "namespaces_allowed", lambda: False)
    assert checks.check_account(house(tmp_path)).grade is Grade.BAD
