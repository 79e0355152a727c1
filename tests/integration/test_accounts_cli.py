"""``grace accounts``, from the first administrator's link to a program's token."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from django.test import Client

from grace.accounts.capabilities import Capability
from grace.accounts.models import ApiToken, Officer
from grace.accounts.tokens import viewer_of_token
from grace.cli.main import main


def grace(*words: str) -> str:
    result = CliRunner().invoke(main, ["accounts", *words])
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


@pytest.mark.usefixtures("committed_db")
def test_the_command_line_lays_the_first_accounts() -> None:
    link = grace("first-admin", "--address", "https://grace.example.org/")
    found = re.fullmatch(r"https://grace\.example\.org(/welcome/[\w-]{43}/)", link)
    assert found
    assert Client().get(found[1]).status_code == 302

    assert grace("unit", "add", "Harbour Unit") == "harbour-unit"
    assert "/welcome/" in grace("officer", "add", "finn", "--name", "Finn Example", "--unit", "harbour-unit", "--can", "read")
    assert Officer.objects.get(username="finn").held_capabilities == {Capability.READ}

    assert grace("officer", "competence", "finn", "--reads", "ro, DE", "--skill", "journeys") == "Finn Example: de, ro, journeys."
    assert "anything is given" in grace("officer", "competence", "finn")

    word = grace("token", "add", "Example Cloud", "--unit", "harbour-unit", "--can", "receive").splitlines()[0]
    assert viewer_of_token(word).capabilities == {Capability.RECEIVE}
    assert "void" in grace("token", "revoke", str(ApiToken.objects.get().id))
    assert "second factor" in grace("officer", "reset-second-factor", "finn")


@pytest.mark.usefixtures("committed_db")
def test_a_mistake_is_answered_in_one_line_with_a_remedy() -> None:
    result = CliRunner().invoke(main, ["accounts", "token", "add", "x", "--unit", "none-such", "--can", "receive"])
    assert result.exit_code == 1
    assert "grace accounts unit add" in result.output
