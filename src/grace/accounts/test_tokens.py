from __future__ import annotations

from datetime import timedelta

import pytest

from grace.accounts import tokens
from grace.accounts.capabilities import Capability
from grace.accounts.models import ApiToken, Unit
from grace.kernel import clock
from grace.kernel.errors import Invalid, Refused
from tests.support.people import Person

pytestmark = pytest.mark.django_db
HALF_YEAR = timedelta(days=180)


def test_a_token_acts_for_its_unit_and_is_kept_as_a_digest(dora: Person, hill_unit: Unit) -> None:
    token, word = tokens.issue(dora.viewer, hill_unit, "Example Cloud", {Capability.RECEIVE}, HALF_YEAR)
    viewer = tokens.viewer_of_token(word)
    assert (viewer.unit_id, viewer.capabilities, viewer.actor) == (hill_unit.id, {Capability.RECEIVE}, f"token:{token.id}")
    assert word.encode() not in bytes(ApiToken.objects.get().digest)


def test_a_token_ends(dora: Person, hill_unit: Unit) -> None:
    token, word = tokens.issue(dora.viewer, hill_unit, "Example Cloud", {Capability.RECEIVE}, HALF_YEAR)
    with clock.held(clock.now() + HALF_YEAR + timedelta(seconds=1)), pytest.raises(Refused):
        tokens.viewer_of_token(word)
    tokens.revoke_token(dora.viewer, token.id)
    with pytest.raises(Refused):
        tokens.viewer_of_token(word)


@pytest.mark.parametrize(
    ("name", "capabilities", "lasts"),
    [
        ("", {Capability.READ}, HALF_YEAR),
        ("x", set(), HALF_YEAR),
        ("x", {Capability.ADMINISTER}, HALF_YEAR),
        ("x", {Capability.READ}, timedelta(0)),
        ("x", {Capability.READ}, timedelta(days=9999)),
    ],
)
def test_no_nameless_powerless_administering_or_endless_token(
    dora: Person, hill_unit: Unit, name: str, capabilities: set[Capability], lasts: timedelta
) -> None:
    with pytest.raises(Invalid):
        tokens.issue(dora.viewer, hill_unit, name, capabilities, lasts)


def test_any_other_word_is_refused() -> None:
    with pytest.raises(Refused):
        tokens.viewer_of_token("grace_made-up")
