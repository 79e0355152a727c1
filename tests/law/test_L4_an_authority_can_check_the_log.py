"""L4, Article 25(3): the log is given to the supervisory authority, shows any tampering and denied attempts, and no personal data."""

import pytest

from grace.custody import ledger
from grace.custody.ledger import Kind, Line
from grace.custody.verify_ledger import Fault, verify
from grace.kernel.errors import Invalid
from tests.support.ledgers import BOB, SIGNER, exported, received, referral, tamper, write

PERSONAL = ["alice@example.org", "Alice Example", "203.0.113.7", "+49305550100", "https://example.org/a", "met at the corner"]


@pytest.mark.usefixtures("committed_db")
def test_law_L4_an_export_shows_that_an_entry_was_removed() -> None:
    write(*(received(number) for number in range(5)))
    public = [SIGNER.key.public_key()]
    assert verify(exported(), public).entries == 5
    tamper("DELETE FROM custody_entry WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 2)")
    with pytest.raises(Fault, match="1 entries are missing, but the log announces that 0 were pruned"):
        verify(exported(), public)


@pytest.mark.django_db
def test_law_L4_a_denied_attempt_is_an_entry_even_without_a_purpose() -> None:
    ledger.record(Line(Kind.CONSULTATION, "file.open", BOB, subjects=(referral(1),), denied=True))
    [row] = ledger.history(referral(1))
    assert (row.denied, row.actor, row.kind) == (True, BOB, "CONSULTATION")


@pytest.mark.parametrize("text", PERSONAL)
def test_law_L4_what_may_be_personal_does_not_enter_the_log(text: str) -> None:
    with pytest.raises(Invalid):
        Line(Kind.COLLECTION, "referral.receive", BOB, subjects=(text,))
    with pytest.raises(Invalid):
        Line(Kind.COLLECTION, "referral.receive", BOB, detail={"value": text})
    with pytest.raises(Invalid):
        Line(Kind.COLLECTION, "referral.receive", BOB, text)
    with pytest.raises(Invalid):
        Line(Kind.COLLECTION, "referral.receive", BOB, recipient=text)
    with pytest.raises(Invalid):
        Line(Kind.COLLECTION, "referral.receive", text)
