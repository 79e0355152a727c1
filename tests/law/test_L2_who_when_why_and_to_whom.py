"""L2, Article 25(1), second sentence: consultation and disclosure show justification, date and time, person, and recipients."""

from datetime import UTC, datetime

import pytest

from grace.casework.search_narrow import Narrow
from grace.custody import ledger
from grace.custody.ledger import Kind, Line
from grace.kernel.clock import held
from grace.kernel.errors import Invalid, Refused
from grace.pipeline.search import search
from tests.support.ledgers import ALICE, referral
from tests.support.people import Person


@pytest.mark.parametrize("kind", [Kind.CONSULTATION, Kind.DISCLOSURE])
def test_law_L2_no_consultation_or_disclosure_without_a_purpose(kind: Kind) -> None:
    with pytest.raises(Invalid, match="purpose"):
        Line(kind, "referral.read", ALICE, recipient="agency:two")


def test_law_L2_no_disclosure_without_a_recipient() -> None:
    with pytest.raises(Invalid, match="recipient"):
        Line(Kind.DISCLOSURE, "referral.export", ALICE, "case:2026/AB-117")


@pytest.mark.parametrize("kind", list(Kind))
def test_law_L2_no_entry_without_a_person_or_program(kind: Kind) -> None:
    with pytest.raises(Invalid, match="actor"):
        Line(kind, "referral.read", "", "triage", recipient="agency:two")


@pytest.mark.django_db
def test_law_L2_the_entry_shows_who_when_why_and_to_whom() -> None:
    moment = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)
    with held(moment):
        ledger.record(Line(Kind.DISCLOSURE, "referral.export", ALICE, "case:2026/AB-117", (referral(1),), recipient="agency:two"))
    [row] = ledger.history(referral(1))
    assert (row.actor, row.at, row.purpose, row.recipient) == (ALICE, moment, "case:2026/AB-117", "agency:two")


@pytest.mark.parametrize("asked", ["nobody@example.org", "fictitia", ""])
def test_law_L2_a_search_is_a_consultation_also_where_nothing_is_found(alice: Person, asked: str) -> None:
    search(alice.viewer, asked, Narrow())
    [row] = ledger.page(actor=alice.viewer.actor)
    assert (row.kind, row.act, row.purpose, row.denied) == (Kind.CONSULTATION, "search.ask", "triage", False)
    assert asked == "" or asked not in str(row.detail)


def test_law_L2_a_search_that_was_not_allowed_is_told_too(eve: Person) -> None:
    with pytest.raises(Refused):
        search(eve.viewer, "fictitia", Narrow())
    [row] = ledger.page(actor=eve.viewer.actor)
    assert (row.kind, row.act, row.denied) == (Kind.CONSULTATION, "search.ask", True)
