from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from grace.config import ages, health
from grace.config.logs import JsonLines
from grace.host import environment


def test_alive_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_not_ready_without_a_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"] == {"ok": False, "says": "no worker runs", "number": None}
    assert answer.json()["checks"]["database"]["ok"] is True


@pytest.mark.django_db
def test_ready_with_a_worker_that_lives(client: Client) -> None:
    sign_of_life()
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()


def sign_of_life(seconds_ago: int = 0) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')", [seconds_ago])


@pytest.mark.django_db
def test_a_silent_worker_is_told(client: Client) -> None:
    sign_of_life(seconds_ago=60)
    assert client.get("/readyz").json()["checks"]["worker"]["number"] >= 60


def test_what_needs_a_database_that_is_away_reads_not_checked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> float:
        raise OperationalError

    monkeypatch.setattr(ages, "number", away)
    monkeypatch.setattr(ages, "ledger_age", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["says"] == "does not answer"
    assert answer.json()["checks"]["worker"]["says"].startswith("not checked")


def test_a_vault_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(settings, "ENVIRONMENT", environment.read({"GRACE_VAULT": str(tmp_path / "file")}))
    assert not health.check_vault().ok


@pytest.mark.django_db
def test_measures_say_how_referrals_jobs_and_requests_fare(client: Client) -> None:
    sign_of_life()
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'grace_request_seconds_bucket{le="0.1",method="GET",route="/healthz",status="200"}' in text
    assert "grace_database_up 1.0" in text
    assert "grace_ledger_unsequenced_seconds" in text


def test_measures_are_for_this_machine_or_a_bearer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 403
    monkeypatch.setattr(settings, "ENVIRONMENT", environment.read({"GRACE_METRICS_TOKEN": "of the house"}))
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 403


@pytest.mark.django_db
def test_measures_with_the_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", environment.read({"GRACE_METRICS_TOKEN": "of the house"}))
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1", headers={"Authorization": "Bearer of the house"}).status_code == 200


def test_a_request_is_logged_by_its_route_alone(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "grace.requests"):
        client.get("/nowhere/alice@example.org?name=alice")
    (record,) = caplog.records
    assert (vars(record)["grace_route"], vars(record)["grace_status"]) in {("-", 404), ("-", 302)}
    assert "alice" not in str(vars(record))


@pytest.mark.parametrize(("error", "status"), [(ValueError("alice@example.org"), 500), (OperationalError("server closed"), 503)])
def test_an_unexpected_error_is_answered_and_logged_without_its_words(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(health, "run_checks", fails)
    answer = Client(raise_request_exception=False).get("/readyz")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is (status == 503)
    (record,) = [record for record in caplog.records if record.name == "grace.failures"]
    assert vars(record)["grace_route"] == "/readyz"
    assert "alice" not in JsonLines().format(record)
    assert "alice" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/nowhere"])
def test_every_answer_bears_the_safe_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_a_language_is_offered_once_it_has_a_catalogue(settings: Settings) -> None:
    assert {"en", "de"} <= {code for code, _ in settings.LANGUAGES}
