from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from grace.host import account, database, environment, postgres, remains
from grace.host.database import Role
from grace.host.errors import AlreadyRunning, NoDatabase

AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    home = tmp_path_factory.mktemp("pg")
    with postgres.holding(home):
        server = postgres.start(home, durable=False)
        yield server
        server.stop()


def ask(address: database.Address, query: str) -> object:
    with psycopg.connect(address.url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_it_is_version_18_in_plain_unicode(server: postgres.Server) -> None:
    assert str(ask(server.address(Role.APP), "SHOW server_version")).startswith("18")
    assert ask(server.address(Role.APP), "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"


def test_the_owner_owns_and_the_app_may_not_make_tables(server: postgres.Server) -> None:
    assert ask(server.address(Role.OWNER), "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'grace'") == "grace_owner"
    with psycopg.connect(server.url_app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE intruder (id int)")


def test_a_wrong_password_is_refused(server: postgres.Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(replace(server.address(Role.APP), password="wrong").url)


def test_the_superusers_password_is_not_the_others(server: postgres.Server) -> None:
    assert len({server.address(role).password for role in Role}) == 3


def test_folders_are_closed(server: postgres.Server) -> None:
    for folder in (server.home, server.data, server.data.parent, database.socket_folder(server.home)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_statements_with_personal_data_stay_out_of_the_log(server: postgres.Server) -> None:
    with psycopg.connect(server.url_owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS person (mail text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO person VALUES (%s)", ["alice@example.org"])
            except psycopg.errors.UniqueViolation:
                break
        else:
            pytest.fail("no violation")
    log = server.log.read_text()
    assert "duplicate key" in log
    assert "alice@example.org" not in log
    assert "INSERT" not in log


def test_a_home_has_one_holder(server: postgres.Server) -> None:
    with pytest.raises(AlreadyRunning, match="already runs"), postgres.holding(server.home):
        pass


def test_its_processes_are_found_by_their_folder(server: postgres.Server) -> None:
    assert server.process is not None
    assert server.process.pid in remains.working_in(server.data)
    assert remains.pid_in(server.data / "postmaster.pid") == server.process.pid


def test_what_works_below_a_folder_is_ended(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path / "postgres") as process:
        remains.end(tmp_path)
        assert process.wait(1) == -signal.SIGINT
    assert remains.working_in(tmp_path) == []


def test_a_first_start_that_was_cut_short_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data.draft").mkdir(parents=True)
    (tmp_path / "postgres" / "data.draft" / "half").write_text("made")
    with postgres.holding(tmp_path):
        server = postgres.start(tmp_path, durable=False)
        assert ask(server.address(Role.APP), "SELECT 1") == 1
        server.stop()
    assert not (tmp_path / "postgres" / "data.draft").exists()


def test_an_orphan_is_ended_before_the_next_start(tmp_path: Path) -> None:
    """A server whose starter did not tie it to itself, and is gone."""
    with postgres.holding(tmp_path):
        server = postgres.start(tmp_path, durable=False)
        orphan = server.process
        assert orphan is not None
        server.process = None
        again = postgres.start(tmp_path, durable=False)
        orphan.wait(1)
        assert again.answers()
        again.stop()
        assert not again.answers()
        again.stop()


def test_a_server_that_cannot_start_tells_its_last_words(tmp_path: Path) -> None:
    with postgres.holding(tmp_path), pytest.raises(NoDatabase, match="no_such_setting"):
        postgres.start(tmp_path, durable=False, settings={"no_such_setting": "1"})


@pytest.mark.skipif(not AS_ROOT, reason="only root takes another account")
def test_where_namespaces_are_forbidden_a_system_user_runs_it(tmp_path: Path, short_folder: Path) -> None:
    short_folder.chmod(0o711)
    found = environment.read(
        {"GRACE_HOME": str(tmp_path), "GRACE_POSTGRES_USER": "nobody", "GRACE_POSTGRES_FOLDER": str(short_folder / "pg")}
    )
    with postgres.holding(tmp_path):
        try:
            server = postgres.start(tmp_path, durable=False, environment=found)
        except NoDatabase as failure:
            if "Permission denied" in str(failure):
                pytest.skip("this user cannot reach the programs of PostgreSQL here")
            raise
        assert ask(server.address(Role.APP), "SELECT 1") == 1
        assert server.data.stat().st_uid == server.account.uid != 0
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
        server.stop()


@pytest.mark.skipif(not AS_ROOT, reason="only root takes another account")
def test_as_root_without_any_way_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "namespaces_allowed", lambda: False)
    with pytest.raises(NoDatabase, match="GRACE_POSTGRES_USER"):
        account.choose()
    with pytest.raises(NoDatabase, match="no system user"):
        account.choose("nobody-of-that-name")
    with pytest.raises(NoDatabase, match="may not be root"):
        account.choose("root")


def test_the_launcher_says_what_it_could_not_start(tmp_path: Path) -> None:
    done = subprocess.run(account.launching(tmp_path / "nothing"), capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "cannot start" in done.stderr


def test_the_launcher_leaves_at_once_when_its_parent_is_gone() -> None:
    command = account.launching(Path(sys.executable), "-c", "print('ran')", sign=9)
    command[4] = "1" if os.getppid() != 1 else "2"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (70, "")
