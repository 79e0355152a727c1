from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from grace.sdk.intake import Kind, Role
from grace.simulate.names import PROVIDERS
from grace.simulate.people import People, Way, bared, device, home
from grace.simulate.places import STATES

PEOPLE = People(5, 2_000)
CHAT = PROVIDERS[1]
NOON = datetime(2025, 5, 1, 12, tzinfo=UTC)


def test_the_same_number_is_the_same_account() -> None:
    assert PEOPLE.account(7, Role.REPORTED, 3) == People(5, 2_000).account(7, Role.REPORTED, 3)


def test_different_numbers_share_no_identifier() -> None:
    seen = [pair for number in range(2_000) for pair in PEOPLE.account(number, Role.REPORTED, number % 27).identifiers()]
    assert len(set(seen)) == len(seen)


def test_every_domain_is_reserved() -> None:
    for number in range(200):
        email = PEOPLE.account(number, Role.REPORTED, 0).email or ""
        assert email.rsplit("@", 1)[1].split(".")[-2] == "example"


def test_telephone_numbers_belong_to_the_state() -> None:
    german = [account for number in range(400) if (account := PEOPLE.account(number, Role.REPORTED, 5)).phone]
    assert STATES[5].code == "DE"
    assert german
    assert all((account.phone or "").startswith("+49") and account.states_its_place for account in german)


def test_the_last_use_is_the_upload_at_the_incident() -> None:
    account = PEOPLE.account(1, Role.REPORTED, 5)
    captures = PEOPLE.captures(account, 9, NOON, CHAT, 6)
    assert captures[-1].event == "Upload"
    assert captures[-1].at == NOON
    assert all(capture.at and capture.at <= NOON for capture in captures)
    assert len({capture.ip for capture in captures}) <= 7


def test_a_recipient_uploads_nothing() -> None:
    account = PEOPLE.account(1, Role.RECIPIENT, 5)
    assert "Upload" not in {capture.event for capture in PEOPLE.captures(account, 9, NOON, CHAT, 6)}


def test_a_bared_account_keeps_its_handles_only() -> None:
    account = bared(PEOPLE.account(1, Role.REPORTED, 5))
    assert {kind for kind, _ in account.identifiers()} == {Kind.USER_ID, Kind.SCREEN_NAME}


def test_devices_of_groups_and_of_accounts_differ() -> None:
    assert device(1, "group", 4) != device(1, "own", 4)


def test_some_accounts_speak_through_relays_and_give_nothing_away_by_it() -> None:
    people = People(5, 2_000, relayed=0.3, hidden=0.1)
    ways = []
    for number in range(400):
        account = replace(people.account(number, Role.REPORTED, 5), street=None, phone=None)
        account = replace(account, captures=people.captures(account, 9, NOON, CHAT, 3))
        (way,) = {capture.way for capture in account.captures}
        ways.append(way)
        assert account.gives_its_place == (way is Way.OWN)
        assert account.misleads == (way is Way.HIDDEN)
    assert 90 < ways.count(Way.RELAY) < 150
    assert 20 < ways.count(Way.HIDDEN) < 60


def test_some_streets_are_of_long_ago() -> None:
    accounts = [People(5, 2_000, moved=0.2).account(number, Role.REPORTED, 5) for number in range(400)]
    moved = [account for account in accounts if account.lived is not None]
    assert 50 < len(moved) < 110
    for account in moved:
        assert home(account)[1] != STATES[5].code
        assert account.misleads == (account.street is not None)
    plain = [PEOPLE.account(number, Role.REPORTED, 5) for number in range(400)]
    assert [replace(account, lived=None) for account in accounts] == plain


def test_what_relays_do_changes_nothing_else() -> None:
    account = PEOPLE.account(1, Role.REPORTED, 5)
    plain, mixed = (each.captures(account, 9, NOON, CHAT, 6) for each in (PEOPLE, People(5, 2_000, relayed=1.0)))
    assert [(each.event, each.at, each.port) for each in plain] == [(each.event, each.at, each.port) for each in mixed]


def test_a_shared_line_is_that_of_several_accounts_and_of_their_state() -> None:
    sharing = People(5, 2_000, shared=1.0)
    lines: dict[str, set[str]] = {}
    for number in range(400):
        account = sharing.account(number, Role.REPORTED, 5)
        for capture in sharing.captures(account, 1, NOON, CHAT, 4):
            if ":" in capture.ip:
                lines.setdefault(capture.ip, set()).add(account.user_id)
    assert max(map(len, lines.values())) > 2
    assert all(line.startswith("2001:db8:600:") for line in lines)
    assert STATES[5].code == "DE"
