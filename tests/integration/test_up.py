"""``grace up`` as an operator lives with it: it starts, survives, stops and starts again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import PATIENCE, House, living_in
from tests.support.kills import SERVING_AGAIN, VICTIMS, kill, sql


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with living_in(tmp_path_factory.mktemp("up")) as house:
        house.start()
        yield house


def test_health_readiness_and_measures(house: House) -> None:
    assert house.get("/healthz") == (200, "alive\n")
    assert set(house.ready()["checks"]) == {"database", "worker", "jobs", "ledger", "vault"}
    status, measures = house.get("/metrics")
    assert status == 200
    assert 'grace_request_seconds_count{method="GET",route="/healthz",status="200"}' in measures
    assert "grace_database_up 1.0" in measures


def test_requests_of_all_processes_are_counted_once(house: House) -> None:
    def counted() -> float:
        _, measures = house.get("/metrics")
        return sum(
            float(line.split()[-1])
            for line in measures.splitlines()
            if line.startswith("grace_request_seconds_count") and 'route="-"' in line
        )

    before = counted()
    for _ in range(20):
        house.get("/no-such-page")
    assert counted() == before + 20


def test_the_log_holds_routes_and_no_paths(house: House) -> None:
    house.get("/nowhere/alice@example.org?secret=word")
    log = (house.home / "log" / "web.log").read_text()
    assert "alice@example.org" not in log
    assert "secret" not in log


def test_nobody_is_superuser_and_the_home_is_private(house: House) -> None:
    rows = sql(house, "SELECT usename, usesuper FROM pg_stat_activity JOIN pg_user USING (usename) WHERE backend_type = 'client backend'")
    assert {row[1] for row in rows} == {False}
    assert {row[0] for row in rows} == {"grace_app"}
    for path in [house.home, *house.home.rglob("*")]:
        if path.is_socket() or "postgres/data/" in str(path):
            continue
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_database_listens_on_no_port(house: House) -> None:
    assert sql(house, "SHOW listen_addresses") == [("",)]


@pytest.mark.parametrize("victim", VICTIMS)
def test_everything_serves_again_after_a_kill(house: House, victim: str) -> None:
    assert kill(house, victim) < PATIENCE


@pytest.mark.soak
@pytest.mark.parametrize("victim", VICTIMS)
def test_a_killed_process_is_away_for_less_than_ten_seconds(house: House, victim: str) -> None:
    assert kill(house, victim) < SERVING_AGAIN


def test_a_second_start_in_the_same_home_is_refused(house: House) -> None:
    second = house.run("up")
    assert second.returncode == 1
    assert "already runs" in second.stderr


def test_migrate_joins_the_running_server(house: House) -> None:
    done = house.run("migrate")
    assert done.returncode == 0, done.stderr
    assert "up to date" in done.stdout


def test_another_home_beside_it_stops_cleanly_and_starts_again_on_the_same_data(house: House, tmp_path: Path) -> None:
    """After a stop, after its supervisor was killed, and after all was, by a machine that gave the database's number to another."""
    home = tmp_path / "a home" / ("with a long name, " * 6)
    kept = "SELECT model FROM django_content_type WHERE app_label = 'tests'"
    with living_in(home) as other:
        other.start()
        house.wait_for(house.is_ready, PATIENCE)
        assert other.postmaster() != house.postmaster()
        sql(other, "INSERT INTO django_content_type (app_label, model) VALUES ('tests', 'kept') RETURNING 1")
        said = other.stop(signal.SIGINT)
        assert f"http://localhost:{other.port}/" in said
        assert "GRACE has stopped." in said
        other.start()
        assert sql(other, kept) == [("kept",)]
        other.kill()
        other.start()
        assert sql(other, kept) == [("kept",)]
        _kill_all(other)
        pid_file = home / "postgres" / "data" / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
        other.start()
        assert sql(other, kept) == [("kept",)]
        other.stop()


def _kill_all(house: House) -> None:
    postmaster = house.postmaster()
    house.kill()
    os.kill(postmaster, signal.SIGKILL)
    house.wait_for(lambda: not house.pids(""), 10)
