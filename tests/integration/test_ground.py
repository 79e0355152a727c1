"""The tests' own ground: the roles, and that nothing of one test is left for the next."""

from __future__ import annotations

import socket

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from grace.host import database
from grace.host.database import Role
from tests.support import ground

NOTE = "INSERT INTO django_content_type (app_label, model) VALUES ('tests', 'alice')"


def noted() -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT model FROM django_content_type WHERE app_label = 'tests'")
        return list(cursor.fetchall())


def note() -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE)


@pytest.mark.django_db
def test_we_run_as_the_role_that_may_not_change_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("grace_app",)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TABLE intruder (id int)")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("DELETE FROM django_migrations")


@pytest.mark.django_db
def test_passwords_are_random_and_long_so_that_they_need_no_stretching() -> None:
    with ground.connect(Role.SUPERUSER, "postgres") as server:
        kept: dict[str, str] = dict(server.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL").fetchall())
    assert set(kept) == set(Role)
    assert all(each.startswith("SCRAM-SHA-256$1:") for each in kept.values())
    assert min(len(database.embedded(ground.present_home(), role).password) for role in Role) >= 43  # 32 bytes in base64


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_rolled_back_test_leaves_nothing(turn: int) -> None:
    assert noted() == []
    note()


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_test_leaves_nothing(committed_db: None, turn: int) -> None:
    assert noted() == []
    note()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        assert other.execute("SELECT model FROM django_content_type WHERE app_label = 'tests'").fetchall() == [("alice",)]


def test_rows_of_migrations_are_kept(committed_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_content_type")
        (count,) = cursor.fetchone()
    assert count > 0


def test_the_world_outside_is_out_of_reach() -> None:
    with pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
