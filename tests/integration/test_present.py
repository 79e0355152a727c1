"""A start migrates only where the tables are not the present ones, and says each time who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from grace.cli import migration, present
from grace.host import database, environment
from grace.host.database import Address, Role
from grace.host.environment import Environment
from tests.support import ground

NAME = "grace_present"


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Environment]:
    """An installation whose database was migrated."""

    def address(_environment: Environment, role: Role = Role.APP) -> Address:
        return replace(database.embedded(ground.present_home(), role), database=NAME)

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():  # type: ignore[attr-defined]  # its type is private
        patch.setattr(database, "address", address)
        ground.make_database(NAME)
        try:
            found = environment.read()
            migration.bring_up_to_date(found)
            yield found
        finally:
            with ground.connect(Role.SUPERUSER, "postgres") as server:
                server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_a_migrated_database_is_not_migrated_again(house: Environment) -> None:
    assert present.is_present(house)


def test_another_migration_or_another_library_is_noticed(house: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(present, "version", lambda _name: "0.0")
    assert not present.is_present(house)


def test_rights_that_were_given_or_lost_are_put_right_at_each_start(house: Environment) -> None:
    asked = "SELECT has_table_privilege('grace_app', 'custody_entry', 'UPDATE'), has_table_privilege('grace_app', 'referrals_referral', 'SELECT')"
    with ground.connect(Role.OWNER, NAME) as connection:
        connection.execute("GRANT UPDATE ON custody_entry TO grace_app")
        connection.execute("REVOKE SELECT ON referrals_referral FROM grace_app")
        assert connection.execute(asked).fetchone() == (True, False)
        assert present.is_present(house)
        assert connection.execute(asked).fetchone() == (False, True)


def test_a_migration_that_ends_in_the_middle_leaves_no_stamp(house: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(migration, "migrate", killed)
        with pytest.raises(KeyboardInterrupt):
            migration.bring_up_to_date(house)
    assert not present.is_present(house)
    migration.bring_up_to_date(house)
    assert present.is_present(house)


def test_a_database_that_does_not_answer_is_left_to_who_migrates(house: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = replace(database.embedded(ground.present_home(), Role.APP), database="grace_nobody")
    monkeypatch.setattr(database, "address", lambda _environment, _role=Role.APP: nobody)
    assert not present.is_present(house)
