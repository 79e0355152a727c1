"""Who is let in to report: logins, secrets that come and go, limits on attempts and requests, and what nobody may see on the way."""

from __future__ import annotations

import base64
import builtins
import io
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.custody import ledger
from grace.evidence import vault
from grace.intake import credentials
from grace.intake.models import IncomingReport, Sender, SenderSecret
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import senders
from tests.support.people import Person
from tests.support.reporting import REPORT, Answer, Provider, provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def chat(harbour_unit: Unit) -> Provider:
    """A provider that reports to Alice's unit."""
    return provider(harbour_unit)


def knock(header: str | None) -> Any:
    return Client().get("/ispws/status", headers={"Authorization": header} if header is not None else {})


def basic(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


@pytest.mark.parametrize(
    "header", [None, "", "Basic", "Basic !", "Bearer x", basic(b"no colon"), basic(b"a:b"), basic(b"\xff:b"), basic(b"a\0:b")]
)
def test_nobody_else_is_let_in(header: str | None) -> None:
    answer = knock(header)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="GRACE reporting"'
    assert answer.headers["Request-ID"]


def test_every_address_asks_for_a_login() -> None:
    for path in ("status", "xsd", "submit", "upload", "fileinfo", "finish", "retract", "anything", ""):
        assert {Client().get(f"/ispws/{path}").status_code, Client().post(f"/ispws/{path}").status_code} == {401}


def test_a_secret_fits_its_own_login_only(chat: Provider, harbour_unit: Unit) -> None:
    other = provider(harbour_unit, "Pix Example")
    assert replace(chat, secret=other.secret).get("status").http.status_code == 401
    assert chat.get("status").code == 0


def test_secrets_change_over_without_a_gap(chat: Provider) -> None:
    _, word = senders.add_secret(operator(), chat.login, timedelta(days=2))
    newer = replace(chat, secret=word)
    assert (chat.get("status").code, newer.get("status").code) == (0, 0)
    senders.revoke_secret(operator(), SenderSecret.objects.order_by("created_at")[0].id)
    assert (chat.get("status").http.status_code, newer.get("status").code) == (401, 0)
    with clock.held(clock.now() + timedelta(days=3)):
        assert newer.get("status").http.status_code == 401


def test_only_a_digest_of_a_secret_is_kept(chat: Provider) -> None:
    kept = SenderSecret.objects.values().get()
    assert chat.secret.encode() not in bytes(kept["digest"])
    assert chat.secret not in str(kept)


def test_a_closed_login_opens_no_report_and_finishes_those_it_has(chat: Provider) -> None:
    number = chat.open()
    senders.set_open(operator(), chat.login, is_open=False)
    assert chat.post("submit", REPORT).code == 3100
    assert chat.finish(number).code == 0
    senders.set_open(operator(), chat.login, is_open=True)
    assert chat.post("submit", REPORT).code == 0


def test_failed_attempts_are_written_down_up_to_a_limit_and_lock_nobody_out(chat: Provider) -> None:
    guesser = replace(chat, secret="guessed")
    assert {guesser.get("status").http.status_code for _ in range(15)} == {401}
    told = [each for each in ledger.page(actor="visitor:unknown") if each.act == "report.enter"]
    assert len(told) == 10
    assert all(each.denied for each in told)
    assert chat.login.name not in str(told)
    assert chat.get("status").code == 0


def test_requests_are_limited_by_login(chat: Provider, harbour_unit: Unit) -> None:
    with override_settings(GRACE_MOST_REPORT_REQUESTS=3):
        answers = [chat.get("status") for _ in range(5)]
        assert [each.http.status_code for each in answers] == [200, 200, 200, 429, 429]
        assert (answers[-1].code, answers[-1].http.headers["Retry-After"]) == (1000, "60")
        assert provider(harbour_unit, "Pix Example").get("status").code == 0
        with clock.held(clock.now() + timedelta(minutes=2)):
            assert chat.get("status").code == 0


def test_a_body_is_not_read_before_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    from grace.api.ispws import bodies

    monkeypatch.setattr(bodies, "_Source", None)
    assert Client().post("/ispws/submit", REPORT, content_type="text/xml").status_code == 401


def test_a_database_that_is_away_is_told_in_xml(chat: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from grace.pipeline import reporting

    def away(*_: object) -> int:
        raise OperationalError

    monkeypatch.setattr(reporting, "finish", away)
    chat.client.raise_request_exception = False
    answer = chat.finish(7)
    assert (answer.http.status_code, answer.code, answer.root.tag) == (503, 1000, "reportDoneResponse")
    assert answer.http.headers["Retry-After"]


def test_only_an_administrator_manages_logins(alice: Person, dora: Person, harbour_unit: Unit) -> None:
    with pytest.raises(Refused):
        senders.add_login(alice.viewer, "chat", "Chat Example", harbour_unit)
    login = senders.add_login(dora.viewer, "chat", "Chat Example", harbour_unit, "provider")
    assert Sender.objects.get(name="Chat Example").kind == "provider"
    with pytest.raises(Refused):
        senders.add_secret(alice.viewer, login, timedelta(days=1))
    with pytest.raises(Refused):
        senders.logins(alice.viewer)
    secret, _ = senders.add_secret(dora.viewer, login, timedelta(days=1))
    with pytest.raises(Refused):
        senders.revoke_secret(alice.viewer, secret.id)
    senders.revoke_secret(dora.viewer, secret.id)
    acts = [each.act for each in reversed(ledger.history(f"login:{login.id}"))]
    assert acts == ["senders.login.add", "senders.secret.add", "senders.secret.revoke"]
    assert [each.state for each in senders.secrets_of(dora.viewer, login)] == ["revoked"]
    assert [(each.row.name, each.working) for each in senders.logins(dora.viewer)] == [("chat", 0)]


def test_logins_and_secrets_have_rules(harbour_unit: Unit) -> None:
    for name in ("", "Chat", "a b", "x" * 65, "-chat"):
        with pytest.raises(Invalid):
            senders.add_login(operator(), name, "Chat Example", harbour_unit)
    with pytest.raises(Invalid):
        senders.add_login(operator(), "chat", " ", harbour_unit)
    with pytest.raises(Invalid):
        senders.add_login(operator(), "chat", "Chat Example", harbour_unit, "friend")
    login = senders.add_login(operator(), "chat", "Chat Example", harbour_unit)
    with pytest.raises(Conflict):
        senders.add_login(operator(), "chat", "Pix Example", harbour_unit)
    for days in (0, 731):
        with pytest.raises(Invalid):
            senders.add_secret(operator(), login, timedelta(days=days))
    for _ in range(credentials.MOST_SECRETS):
        senders.add_secret(operator(), login, timedelta(days=1))
    with pytest.raises(Conflict):
        senders.add_secret(operator(), login, timedelta(days=1))
    with pytest.raises(Missing):
        credentials.login_named("nobody")
    with pytest.raises(Missing):
        senders.revoke_secret(operator(), login.id)


def test_what_is_uploaded_never_lies_open_on_a_disk(
    chat: Provider, place: vault.Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law, L15: from the first byte to the referral no file is opened for writing but the vault's own."""
    number = chat.open()
    written: list[str] = []
    really_open, opened = os.open, builtins.open

    def watched(path: str, flags: int, *rest: int, **named: int) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            written.append(str(path))
        return really_open(path, flags, *rest, **named)

    def refuse_writing(file: object, mode: str = "r", *rest: object, **named: object) -> io.IOBase:
        assert isinstance(file, int) or not set(mode) & set("wax+"), f"{file} is opened for writing"
        return opened(file, mode, *rest, **named)  # type: ignore[call-overload,no-any-return]  # passes on whatever open takes

    monkeypatch.setattr(os, "open", watched)
    monkeypatch.setattr(builtins, "open", refuse_writing)
    chat.upload(number, b"x" * (5 << 20))
    assert chat.finish(number).code == 0
    assert written
    assert all(path.startswith(str(tmp_path / "vault")) or path == os.devnull for path in written)


def test_an_answer_says_nothing_of_others(chat: Provider, hill_unit: Unit) -> None:
    number = chat.open()
    told: Answer = provider(hill_unit, "Pix Example").finish(number)
    assert "Chat" not in told.http.content.decode()
    assert IncomingReport.objects.get().state == "open"
