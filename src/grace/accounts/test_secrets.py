from __future__ import annotations

import pytest
from pytest_django import Settings

from grace.accounts.secrets import keyed_digest, readable_code, seal, unseal
from grace.kernel.errors import Unavailable


def test_what_is_sealed_is_read_again_only_where_it_belongs() -> None:
    sealed = seal(b"an invented secret", bound_to="totp:1")
    assert b"invented" not in sealed
    assert unseal(sealed, bound_to="totp:1") == b"an invented secret"
    with pytest.raises(Unavailable, match="GRACE_SECRET_KEY_FALLBACKS"):
        unseal(sealed, bound_to="totp:2")


def test_an_earlier_secret_key_still_reads(settings: Settings) -> None:
    settings.SECRET_KEY = "the earlier key, long enough"
    sealed = seal(b"x", bound_to="a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the present key, long enough", [settings.SECRET_KEY]
    assert unseal(sealed, bound_to="a") == b"x"


def test_digests_differ_between_installations(settings: Settings) -> None:
    here = keyed_digest("alice")
    settings.SECRET_KEY = "that of another installation"
    assert keyed_digest("alice") != here


def test_recovery_codes_are_readable_and_never_alike() -> None:
    codes = {readable_code() for _number in range(100)}
    assert len(codes) == 100
    assert all(len(code) == 19 and code.count("-") == 3 for code in codes)
