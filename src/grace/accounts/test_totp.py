from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grace.accounts import totp

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_agrees_with_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, seconds // totp.STEP_SECONDS) == code


def test_takes_a_code_one_step_early_or_late_and_no_further() -> None:
    moment = datetime.fromtimestamp(1111111111, UTC)
    step = totp.step_at(moment)
    taken = [totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, step + shift), moment) for shift in (-2, -1, 0, 1, 2)]
    assert taken == [None, step - 1, step, step + 1, None]


def test_takes_no_code_again() -> None:
    moment = datetime.fromtimestamp(1111111111, UTC)
    step = totp.step_at(moment)
    assert totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, step), moment, after=step) is None


def test_a_code_of_letters_is_only_wrong() -> None:
    assert totp.matching_step(RFC_SECRET, "sechs…", datetime.now(UTC)) is None
