"""LED Articles 35 to 40: nothing leaves for a state outside the European Economic Area unless a basis for the transfer is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from grace.agencies.states import EUROPEAN_UNION, WITHIN
from grace.custody.ledger import page
from grace.evidence import vault
from grace.exchange.models import Dispatch
from grace.exchange.outbox import Order
from grace.kernel.errors import Refused
from grace.pipeline import agencies, hand_over
from grace.referrals.models import Referral
from tests.support.agencies import Installation, administrators, enrol
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def overseas(tmp_path: Path, north: Installation, place: vault.Place) -> Installation:
    made = Installation("Example Police Overseas", "CA", tmp_path / "overseas", north.unit)
    with north.at_home():
        enrol(made, north.unit)
    hand_in(north.unit, sample("d2"))
    return made


def test_law_L17_without_a_basis_nothing_leaves(alice: Person, north: Installation, overseas: Installation) -> None:
    order = Order(overseas.agency, "investigation", "Theirs.")
    referral = Referral.objects.get()
    with north.at_home():
        with pytest.raises(Refused, match="no basis"):
            hand_over.hand_over(alice.viewer, referral.id, order)
        assert not Dispatch.objects.exists()
        denied = page(subject=f"referral:{referral.id}")[0]
        assert (denied.kind, denied.act, denied.denied) == ("DISCLOSURE", "exchange.hand_over", True)
        first, _ = administrators(north.unit)
        agencies.record_transfer_basis(first, overseas.agency, "adequacy", "Decision of an invented day.")
        assert hand_over.hand_over(alice.viewer, referral.id, order).state == "waiting"


def test_law_L17_a_basis_that_was_taken_back_stops_what_waits(
    alice: Person, north: Installation, overseas: Installation, tmp_path: Path
) -> None:
    first, _ = administrators(north.unit)
    with north.at_home():
        agencies.record_transfer_basis(first, overseas.agency, "safeguards", "An invented agreement.")
        found = hand_over.hand_over(alice.viewer, Referral.objects.get().id, Order(overseas.agency, "investigation", "Theirs."))
        agencies.record_transfer_basis(first, overseas.agency, "", "The agreement ended.")
        with pytest.raises(Exception, match="may not receive"):
            hand_over.export(found.id, tmp_path / "never")
    found.refresh_from_db()
    assert (found.state, found.failure) == ("failed", "recipient-not-allowed")
    assert not (tmp_path / "never").exists()


def test_law_L17_the_area_is_the_union_and_three_states_more() -> None:
    assert len(EUROPEAN_UNION) == 27
    assert {"IS", "LI", "NO"} == WITHIN - EUROPEAN_UNION
