"""What Alice is told does not depend on what another unit has: no hit, count, facet, suggestion, file or error tells of it."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from grace.accounts.models import Unit
from grace.casework import search as verb
from grace.casework.decide import Wish
from grace.casework.models import QueueRow
from grace.casework.search_narrow import FACETS
from grace.cli import search as command
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.pipeline.decide import decide
from grace.pipeline.examine import examine_and_score
from grace.referrals import find
from grace.referrals.models import Attachment, Referral, Sighting
from tests.integration.web import story
from tests.support.deliveries import hand_in, sample
from tests.support.people import Person
from tests.support.programs import program

pytestmark = pytest.mark.django_db

EVERYTHING = "-lighthouse"
OK = (200, 200)
_HIDDEN = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"')


@pytest.fixture
def theirs(charlie: Person, hill_unit: Unit) -> list[UUID]:
    """Referrals of Charlie's unit: open, taken and closed, with pictures that were looked into."""
    referrals = [*story.samples(hill_unit, "d1", "d2", "d3", "d5"), *story.with_files(hill_unit), story.urgent(hill_unit)]
    examine_and_score(list(File.objects.filter(media_type__startswith="image/").values_list("id", flat=True)))
    decide(charlie.viewer, referrals[0], Wish("take"))
    decide(charlie.viewer, referrals[1], Wish("known", "seen before"))
    return referrals


def questions() -> list[str]:
    """Everything by which what is stored can be asked for."""
    file, print_ = File.objects.order_by("id")[0], Fingerprint.objects.filter(algorithm="pdq", quality__gte=50)[0]
    named = Attachment.objects.exclude(md5=None)[0]
    identifiers = set(Sighting.objects.values_list("identifier__value", flat=True))
    words = ["fictitia", "fictitia or harbour", EVERYTHING, '"Ilse Fictitia"', "a", "@", "+"]
    numbers = [str(each) for each in Referral.objects.values_list("number", flat=True)]
    return [
        *sorted(identifiers)[:12],
        *sorted({each[:3] for each in identifiers})[:12],
        *words,
        *numbers[:3],
        Referral.objects.all()[0].external,
        bytes(file.sha256).hex(),
        bytes(file.md5).hex(),
        bytes(named.md5 or b"").hex(),
        f"pdq:{bytes(print_.value).hex()}",
    ]


def narrowings() -> list[dict[str, str]]:
    """Each facet by values that only the other unit's referrals have."""
    row = QueueRow.objects.filter(recipients__len__gt=0).first() or QueueRow.objects.all()[0]
    return [
        {"status": "open"}, {"status": "taken"}, {"status": "closed"}, {"sender": str(row.sender_id)}, {"kind": row.incident_kind},
        *({"state": state} for state in row.recipients[:1]), {"files": "known"}, {"files": "new"}, {"files": "unchecked"}, {"files": "none"},
        {"since": f"{row.received_at:%Y-%m-%d}"}, {"until": f"{row.received_at:%Y-%m-%d}"},
    ]  # fmt: skip


def told(person: Person, **query: str) -> tuple[tuple[int, int], str, dict[str, Any]]:
    """What the page and the API answer; of the API also the body."""
    page = person.client.get("/search/", query)
    answer = person.client.get("/api/v1/search", query)
    return (page.status_code, answer.status_code), _HIDDEN.sub("", page.text), answer.json()


def test_no_answer_tells_that_another_units_referrals_exist(alice: Person, theirs: list[UUID]) -> None:
    asked = questions()
    for text in asked:
        status, page, answer = told(alice, q=text)
        assert (status, answer["items"], answer["total"], answer["has_more"], answer["files"], answer["after"]) == (
            OK,
            [],
            0,
            False,
            [],
            "",
        ), text
        assert answer["facets"] == {facet: {} for facet in FACETS}, text
        assert "data-facet" not in page
        assert "data-row" not in page
    for narrow in narrowings():
        status, page, answer = told(alice, q=EVERYTHING, **narrow)
        assert (status, answer["items"], answer["total"]) == (OK, [], 0), narrow
        assert {facet: sum(counts.values()) for facet, counts in answer["facets"].items()} == dict.fromkeys(FACETS, 0)


def test_every_facet_counts_the_same_with_and_without_another_units_referrals(
    alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit
) -> None:
    story.samples(harbour_unit, "d1", "d2")
    queries = [{"q": EVERYTHING}, {"q": "fictitia"}, {"q": "i"}, {"q": EVERYTHING, "status": "open"}, {"q": EVERYTHING, "files": "new"}]
    before = [told(alice, **query) for query in queries]
    assert before[0][2]["total"] == 2
    referrals = [*story.samples(hill_unit, "d1", "d3", "d5"), story.urgent(hill_unit)]
    decide(charlie.viewer, referrals[0], Wish("take"))
    assert [told(alice, **query) for query in queries] == before
    assert told(charlie, q=EVERYTHING)[2]["total"] == 4


@pytest.mark.parametrize(
    "wrong", [{"status": "gone"}, {"state": "XX"}, {"files": "odd"}, {"after": "x"}, {"since": "2026-02-02", "until": "2026-01-01"}]
)
def test_an_error_says_the_same_whatever_another_unit_has(alice: Person, hill_unit: Unit, wrong: dict[str, str]) -> None:
    before = told(alice, q="fictitia", **wrong)
    assert before[0] in {(400, 422), (400, 400)}
    story.samples(hill_unit, "d1")
    assert told(alice, q="fictitia", **wrong) == before


def test_that_there_is_too_much_elsewhere_is_not_told(
    alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand identifiers of another unit that begin so are no reason to say that more was found, nor to find less."""
    monkeypatch.setattr(find, "MOST_HITS", 2)
    monkeypatch.setattr(verb, "MOST_HITS", 2)
    story.samples(hill_unit, "d1", "d2", "d3", "d5")
    (mine,) = story.samples(harbour_unit, "d4")
    for text in ("1", "192.0.2.", "2001:db8", "i", EVERYTHING, "example"):
        answer = told(alice, q=text)[2]
        assert answer["has_more"] is False, text
        assert {each["id"] for each in answer["items"]} <= {str(mine)}
        assert not find.referrals(alice.viewer, text).too_many
    assert [each["id"] for each in told(alice, q=EVERYTHING)[2]["items"]] == [str(mine)]
    assert told(charlie, q=EVERYTHING)[2]["has_more"] is True


def test_a_program_pages_by_cursor_and_its_searches_are_written_down(harbour_unit: Unit, hill_unit: Unit) -> None:
    ours, other = program(harbour_unit), program(hill_unit)
    hand_in(harbour_unit, *(sample(f"d{number}") for number in range(1, 6)))
    seen: list[str] = []
    after = ""
    while True:
        page = ours.get("/search", q=EVERYTHING, after=after, limit=2).json()
        seen += [each["id"] for each in page["items"]]
        after = page["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    assert [each.act for each in ledger.page(actor=ours.actor)] == ["search.ask"] * 3
    assert other.get("/search", q=EVERYTHING).json()["total"] == 0
    found = ours.get("/search", q="Ilse.Fictitia@EXAMPLE.com").json()
    assert found["read_as"] == [{"kind": "email", "value": "ilse.fictitia@example.com"}]
    assert [each["ways"] for each in found["items"]] == [["identifier"]]
    assert "@" not in json.dumps(found["items"])
    assert ours.get("/search", q="x" * 501).status_code == 422


def test_the_command_finds_what_the_unit_has_and_nothing_else(harbour_unit: Unit, hill_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr("grace.cli.house.open_house", nullcontext)
    (receipt,) = hand_in(harbour_unit, sample("d1"))
    run = CliRunner()
    done = run.invoke(command.command, ["fictitia", "--unit", "harbour-unit"])
    assert done.exit_code == 0, done.output
    assert f"{receipt.referrals[0]}" in done.output
    assert done.output.endswith("1 referrals\n")
    told_ = json.loads(run.invoke(command.command, ["ilse.fictitia@example.com", "--unit", "harbour-unit", "--json"]).output)
    assert (told_["read_as"], told_["total"]) == ({"email": "ilse.fictitia@example.com"}, 1)
    assert run.invoke(command.command, ["fictitia", "--unit", "hill-unit"]).output == "0 referrals\n"
    assert {each.act for each in ledger.page(actor="operator:00000000-0000-0000-0000-000000000000")} == {"search.ask"}
