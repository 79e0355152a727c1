"""``grace senders``: logins and secrets from the machine itself."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from grace.accounts.models import Unit
from grace.cli.main import main
from grace.intake.credentials import caller_of
from grace.intake.models import SenderLogin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]


def grace(*words: str) -> Result:
    return CliRunner().invoke(main, ["senders", *words])


@pytest.fixture
def word(harbour_unit: Unit) -> str:
    """The first secret of a login that was added."""
    made = grace("add", "chat", "--sender", "Chat Example", "--unit", harbour_unit.slug)
    assert made.exit_code == 0, made.output
    return made.stdout.strip()


def test_a_login_is_added_with_a_secret_that_works(word: str) -> None:
    caller = caller_of("chat", word)
    assert caller is not None
    assert (caller.sender, caller.may_submit) == ("Chat Example", True)
    assert SenderLogin.objects.get().sender.kind == "provider"
    assert grace("list").stdout == "chat\tChat Example\tharbour-unit\topen\t1 secrets\n"


def test_secrets_are_added_listed_and_revoked(word: str) -> None:
    second = grace("secret", "add", "chat", "--days", "30").stdout.strip()
    assert caller_of("chat", second) is not None
    rows = [line.split("\t") for line in grace("secret", "list", "chat").stdout.splitlines()]
    assert [row[-1] for row in rows] == ["works", "works"]
    assert grace("secret", "revoke", rows[0][0]).exit_code == 0
    assert [line.split("\t")[-1] for line in grace("secret", "list", "chat").stdout.splitlines()] == ["revoked", "works"]
    assert caller_of("chat", second) is None
    assert word not in grace("secret", "list", "chat").output


def test_a_login_is_closed_and_opened_again(word: str) -> None:
    for verb, may_submit in (("close", False), ("reopen", True)):
        assert grace(verb, "chat").exit_code == 0
        caller = caller_of("chat", word)
        assert caller is not None
        assert caller.may_submit is may_submit


def test_mistakes_are_told_with_a_remedy(harbour_unit: Unit) -> None:
    assert "no such login" in grace("secret", "add", "nobody").output
    assert "grace senders list" in grace("close", "nobody").output
    assert grace("add", "Chat", "--sender", "Chat Example", "--unit", harbour_unit.slug).exit_code == 1
