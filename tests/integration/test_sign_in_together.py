"""The limit on failed sign-ins holds when many try at the same moment, from many processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.db import connection

from grace.accounts import credentials
from grace.kernel.errors import Refused
from grace.pipeline import accounts
from tests.support.people import make_officer, make_unit


def attempt(number: int) -> None:
    try:
        accounts.sign_in("alice", f"guess {number}", f"192.0.2.{number}")
    except Refused:
        return
    finally:
        connection.close()


@pytest.mark.usefixtures("committed_db")
def test_no_more_than_five_guesses_reach_the_password() -> None:
    make_officer("Alice", make_unit("Harbour Unit"))
    with patch.object(credentials, "check", wraps=credentials.check) as checked, ThreadPoolExecutor(20) as many:
        list(many.map(attempt, range(40)))
    assert checked.call_count == 5
