from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest

from grace.accounts import credentials, second_factor, totp
from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer, Unit
from grace.accounts.secrets import digest_of
from grace.accounts.viewer import operator
from grace.custody.ledger import history, page
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import accounts
from tests.support.people import DEVICE_SECRET, PASSWORD, Person, make_officer, present_code

pytestmark = pytest.mark.django_db
OFFICE = "192.0.2.7"


def test_signing_in_is_written_down(alice: Person) -> None:
    assert accounts.sign_in(" ALICE ", PASSWORD, OFFICE) == alice.officer
    entry = history(f"officer:{alice.officer.id}")[0]
    assert (entry.act, entry.denied) == ("accounts.sign_in", False)


def test_every_cause_of_refusal_reads_the_same_and_is_written_down(alice: Person, bob: Person, dora: Person) -> None:
    accounts.lock(dora.viewer, bob.officer.id)
    messages = set()
    for name, password in (("alice", "wrong"), ("nobody", PASSWORD), ("bob", PASSWORD), ("", "")):
        with pytest.raises(Refused) as refused:
            accounts.sign_in(name, password, OFFICE)
        messages.add(str(refused.value))
    assert len(messages) == 1
    denied = [entry for entry in page(actor=accounts.NOBODY) if entry.denied]
    assert [entry.detail["reason"] for entry in denied] == ["unknown-name", "locked", "unknown-name", "wrong-password"]


def test_the_right_password_does_not_open_a_resting_account(alice: Person) -> None:
    for _number in range(5):
        with pytest.raises(Refused):
            accounts.sign_in("alice", "wrong", OFFICE)
    with pytest.raises(Refused):
        accounts.sign_in("alice", PASSWORD, "198.51.100.1")
    with clock.held(clock.now() + timedelta(minutes=16)):
        assert accounts.sign_in("alice", PASSWORD, OFFICE)


def test_an_administrator_ends_the_rest(alice: Person, dora: Person) -> None:
    for _number in range(5):
        with pytest.raises(Refused):
            accounts.sign_in("alice", "wrong", OFFICE)
    accounts.unlock(dora.viewer, alice.officer.id)
    assert accounts.sign_in("alice", PASSWORD, OFFICE)


def test_unknown_names_take_as_long_as_known_ones(alice: Person) -> None:
    def median(name: str) -> float:
        times = []
        for _number in range(5):
            began = time.perf_counter()
            credentials.check(name, "wrong")
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    credentials.check("warm", "up")
    assert 0.4 < median("alice") / median("nobody") < 2.5


def test_a_code_opens_once(alice: Person) -> None:
    code = present_code(alice.officer)
    accounts.show_second_factor(alice.officer, code, OFFICE)
    with pytest.raises(Refused):
        accounts.show_second_factor(alice.officer, code, OFFICE)


def test_codes_cannot_be_guessed_at_leisure(alice: Person) -> None:
    for _number in range(5):
        with pytest.raises(Refused):
            accounts.show_second_factor(alice.officer, "000000x", OFFICE)
    with pytest.raises(Refused):
        accounts.show_second_factor(alice.officer, present_code(alice.officer), "198.51.100.1")


def test_enrolment_ends_with_recovery_codes_that_open_once(harbour_unit: Unit) -> None:
    finn = make_officer("Finn", harbour_unit, enrolled=False)
    secret = accounts.begin_enrolment(finn)
    assert accounts.begin_enrolment(finn) == secret
    with pytest.raises(Refused):
        accounts.confirm_enrolment(finn, "not it")
    codes = accounts.confirm_enrolment(finn, totp.code_at(secret, totp.step_at(clock.now())))
    finn.refresh_from_db()
    assert (finn.is_enrolled, len(codes)) == (True, 10)
    accounts.show_second_factor(finn, codes[0].upper().replace("-", " "), OFFICE)
    with pytest.raises(Refused):
        accounts.show_second_factor(finn, codes[0], OFFICE)
    assert second_factor.recovery_codes_left(finn) == 9
    with pytest.raises(Conflict, match="set up already"):
        accounts.begin_enrolment(finn)


def test_neither_secret_nor_codes_lie_open_in_the_database(alice: Person) -> None:
    codes = accounts.replace_recovery_codes(alice.viewer)
    alice.officer.refresh_from_db()
    assert DEVICE_SECRET not in bytes(alice.officer.totp_sealed or b"")
    stored = [bytes(code.digest) for code in alice.officer.recovery_codes.all()]
    assert digest_of(codes[0].replace("-", "")) in stored
    assert codes[0].encode() not in b"".join(stored)


def test_a_reset_factor_is_set_up_anew(alice: Person, dora: Person) -> None:
    accounts.reset_second_factor(dora.viewer, alice.officer.id)
    alice.officer.refresh_from_db()
    assert not alice.officer.is_enrolled
    assert alice.client.get("/settings/").status_code == 302
    with pytest.raises(Refused):
        accounts.reset_second_factor(alice.viewer, dora.officer.id)


def test_the_first_administrator_comes_once() -> None:
    word = accounts.invite_first_administrator()
    officer = accounts.accept_as_first_administrator(digest_of(word), "Harbour Unit", "Dora", "Dora Example", PASSWORD)
    assert officer.held_capabilities == {Capability.ADMINISTER}
    with pytest.raises(Missing):
        accounts.accept_as_first_administrator(digest_of(word), "Harbour Unit", "Eve", "Eve Example", PASSWORD)
    with pytest.raises(Conflict):
        accounts.invite_first_administrator()


def test_a_link_runs_out_and_a_newer_one_replaces_it() -> None:
    first, second = accounts.invite_first_administrator(), accounts.invite_first_administrator()
    with pytest.raises(Missing):
        accounts.accept_as_first_administrator(digest_of(first), "Harbour Unit", "dora", "Dora", PASSWORD)
    with clock.held(clock.now() + timedelta(hours=25)), pytest.raises(Missing):
        accounts.accept_as_first_administrator(digest_of(second), "Harbour Unit", "dora", "Dora", PASSWORD)


def test_an_invited_officer_sets_the_password(harbour_unit: Unit) -> None:
    officer, word = accounts.create_officer(operator(), harbour_unit, "finn", "Finn Example", {Capability.READ})
    with pytest.raises(Refused):
        accounts.sign_in("finn", "", OFFICE)
    with pytest.raises(Invalid):
        accounts.accept_invitation(digest_of(word), "finn example")
    accounts.accept_invitation(digest_of(word), PASSWORD)
    assert accounts.sign_in("finn", PASSWORD, OFFICE) == officer


@pytest.mark.parametrize("weak", ["short", "alice example", "1q2w3e4r5t6y", "x" * 300])
def test_weak_passwords_are_refused_with_the_reason(alice: Person, weak: str) -> None:
    with pytest.raises(Invalid):
        accounts.change_password(alice.officer, PASSWORD, weak, OFFICE, session_key=None)


def test_a_new_password_ends_other_sessions(alice: Person) -> None:
    accounts.change_password(alice.officer, PASSWORD, "eight loud foghorns", OFFICE, session_key=None)
    assert alice.client.get("/settings/").status_code == 302


def test_changes_of_capabilities_are_written_down_by_name(alice: Person, dora: Person) -> None:
    accounts.set_capabilities(dora.viewer, alice.officer.id, {Capability.READ, Capability.ADMINISTER})
    entry = history(f"officer:{alice.officer.id}")[0]
    assert entry.actor == dora.viewer.actor
    assert entry.detail["granted"] == "administer"
    assert "open_files" in entry.detail["revoked"].split(".")


def test_locking_holds_for_an_open_session(alice: Person, dora: Person) -> None:
    assert alice.client.get("/settings/").status_code == 200
    Officer.objects.filter(id=alice.officer.id).update(locked_at=clock.now())
    assert alice.client.get("/settings/").status_code == 302
