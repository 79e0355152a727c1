"""A mailbox as a way in: every mail exactly once, none deleted, whatever breaks off in the middle."""

from __future__ import annotations

import datetime as dt
import ipaddress
import random
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from grace.accounts.models import Unit
from grace.cli import fetching
from grace.cli.fetching import look_once
from grace.cli.receive import command
from grace.cli.up import check_watch
from grace.host import environment
from grace.host.errors import WrongSetting
from grace.intake import mailbox
from grace.intake.mailbox import Account, MailboxAway, MailboxRefused, account_of, open_mailbox
from grace.intake.models import Document
from grace.pipeline.receive import Intake
from grace.referrals.models import Referral
from tests.support.imap import PASSWORD, USER, Store, serving

pytestmark = pytest.mark.django_db


def mail(number: int) -> bytes:
    return f"From: desk@hotline.example.org\r\nMessage-ID: <{number}@hotline.example.org>\r\nSubject: {number}\r\n\r\nThe bench number {number}.\r\n".encode()


@pytest.fixture
def store() -> Iterator[Store]:
    with serving(Store()) as store:
        yield store


def account(store: Store, **other: str) -> Account:
    return replace(Account("127.0.0.1", store.port, "no", USER, PASSWORD, "INBOX", ""), **other)  # type: ignore[arg-type] # texts only


def intake(unit: Unit) -> Intake:
    return Intake(unit.id, "mail", "system:test")


def outcomes(unit: Unit, store: Store, **other: str) -> list[str]:
    return [taking.outcome for taking in look_once(intake(unit), account(store, **other))]


@pytest.mark.parametrize("taken", ["", "Taken in"])
def test_mails_are_taken_in_once_and_put_away(harbour_unit: Unit, store: Store, taken: str) -> None:
    for number in range(3):
        store.add(mail(number))
    everything = store.all()
    assert outcomes(harbour_unit, store, taken=taken) == ["new"] * 3
    assert outcomes(harbour_unit, store, taken=taken) == []
    store.add(mail(9))
    assert outcomes(harbour_unit, store, taken=taken) == ["new"]
    assert store.all() == sorted([*everything, mail(9)])
    assert len(store.folders.get(taken, [])) == (4 if taken else 0)
    assert Document.objects.filter(unit=harbour_unit, way="mail", state="read").count() == 4
    assert Referral.objects.filter(unit=harbour_unit).count() == 4
    assert not any("\\Seen" in each.flags for each in store.folders["INBOX"])
    assert not any(word in asked for asked in store.asked for word in ("EXPUNGE", "Deleted", "CLOSE"))


def test_a_mail_that_comes_twice_is_recognised(harbour_unit: Unit, store: Store) -> None:
    store.add(mail(1))
    store.add(mail(1))
    assert outcomes(harbour_unit, store) == ["new", "double"]
    assert Referral.objects.filter(unit=harbour_unit).count() == 1


@pytest.mark.parametrize("taken", ["", "Taken"])
def test_whatever_breaks_off_nothing_is_lost_or_doubled(
    harbour_unit: Unit, store: Store, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server breaks off at a random command, again and again, with batches of two."""
    monkeypatch.setattr(fetching, "BATCH", 2)
    chance = random.Random(5)
    for number in range(9):
        store.add(mail(number))
    everything = store.all()
    store.fail = lambda _: chance.random() < 0.15
    broken = 0
    for _ in range(60):
        try:
            outcomes(harbour_unit, store, taken=taken)
        except (MailboxAway, MailboxRefused):
            broken += 1
    store.fail = lambda _: False
    outcomes(harbour_unit, store, taken=taken)
    assert broken > 5
    assert store.all() == everything
    assert outcomes(harbour_unit, store, taken=taken) == []
    assert Referral.objects.filter(unit=harbour_unit).count() == 9
    assert Document.objects.filter(unit=harbour_unit).count() == 9


def test_what_cannot_be_read_is_in_quarantine_and_put_away(harbour_unit: Unit, store: Store) -> None:
    store.add(b"this is no mail at all")
    assert outcomes(harbour_unit, store) == ["quarantined"]
    assert outcomes(harbour_unit, store) == []


def test_a_mail_that_is_too_large_stays_and_is_told(harbour_unit: Unit, store: Store) -> None:
    large, small = store.add(mail(1)), store.add(mail(2))
    store.claims[large.uid] = mailbox.MOST_BYTES + 1
    assert outcomes(harbour_unit, store) == ["unreachable", "new"]
    assert not large.flags
    assert small.flags == {mailbox.TAKEN}


def test_a_server_that_sends_more_than_was_asked_for_is_cut_off(harbour_unit: Unit, store: Store) -> None:
    stored = store.add(mail(1))
    store.claims[-stored.uid] = 1 << 40
    with pytest.raises(MailboxAway):
        outcomes(harbour_unit, store)


def test_a_server_on_which_nothing_can_be_put_away_is_refused_before_anything_is_taken(harbour_unit: Unit, store: Store) -> None:
    store.add(mail(1))
    store.can_move = store.keeps_keywords = False
    for taken in ("", "Taken"):
        with pytest.raises(MailboxRefused):
            outcomes(harbour_unit, store, taken=taken)
    assert not any("FETCH" in asked for asked in store.asked)


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"folder": "No such folder"}, {"user": "nobody"}])
def test_wrong_settings_are_told_without_the_password(store: Store, wrong: dict[str, str]) -> None:
    with pytest.raises(MailboxRefused) as refused, open_mailbox(account(store, **wrong)):
        pass
    assert PASSWORD not in str(refused.value)
    assert PASSWORD not in repr(account(store))


def test_nobody_there(store: Store) -> None:
    free = account(store)
    with serving(Store()) as gone:
        free = account(gone)
    with pytest.raises(MailboxAway), open_mailbox(free):
        pass


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this process trusts, as one of an agency's own authority is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "invented mail server")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_connections_are_encrypted(harbour_unit: Unit, certificate: ssl.SSLContext, tls: str) -> None:
    with serving(Store(context=certificate), wrapped=tls == "tls") as store:
        store.add(mail(1))
        assert outcomes(harbour_unit, store, tls=tls) == ["new"]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_that_nobody_trusts_is_refused(certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with (
        serving(Store(context=certificate), wrapped=tls == "tls") as store,
        pytest.raises(MailboxRefused),
        open_mailbox(account(store, tls=tls)),
    ):
        pass
    assert not any(asked.startswith("LOGIN") for asked in store.asked)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"GRACE_IMAP_HOST": "mail.agency.example", "GRACE_IMAP_TLS": "no"},
        {"GRACE_IMAP_HOST": "mail.agency.example", "GRACE_IMAP_FOLDER": "Fähren"},
        {"GRACE_IMAP_HOST": "mail.agency.example", "GRACE_IMAP_TAKEN": "a\r\nb"},
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(WrongSetting):
        account_of(environment.read(wrong))


def test_a_units_mailbox_without_a_mailbox_stops_the_start() -> None:
    check_watch(environment.read({"GRACE_IMAP_HOST": "mail.agency.example", "GRACE_IMAP_UNIT": "harbour-unit"}))
    with pytest.raises(WrongSetting):
        check_watch(environment.read({"GRACE_IMAP_UNIT": "harbour-unit"}))


def grace(*words: str) -> Result:
    return CliRunner().invoke(command, ["--unit", "harbour-unit", *words])


@pytest.mark.usefixtures("open_house")
def test_the_command(harbour_unit: Unit, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(store.port),
        "TLS": "no",
        "USER": USER,
        "PASSWORD_FILE": str(tmp_path / "password"),
    }.items():
        monkeypatch.setenv(f"GRACE_IMAP_{name}", value)
    store.add(mail(1))
    done = grace("--imap", "--once")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("new: document ")
    assert grace("--imap", str(tmp_path)).exit_code == 2
