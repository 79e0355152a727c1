"""The pages of kept searches, and the same by API and on the command line."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from grace.accounts.models import Unit
from grace.casework.kept_models import KeptHit, KeptSearch
from grace.cli import searches as command
from grace.custody import ledger
from grace.pipeline import kept
from tests.integration.web import story
from tests.support.people import Person
from tests.support.programs import program

pytestmark = pytest.mark.django_db

KEPT = "/search/kept/"
MAIL = "ilse.fictitia@example.com"
_ITS_OWN = re.compile("[A-Za-z0-9]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What a page says of itself: the token of its forms, and the address that was asked for."""


def keep(person: Person, **more: str) -> KeptSearch:
    answer = person.client.post(f"{KEPT}keep/", {"name": "Ilse", "q": MAIL, **more})
    assert answer.status_code == 302, answer.text
    return KeptSearch.objects.get(id=answer.headers["Location"].rstrip("/").rpartition("/")[2])


def pill(person: Person) -> int:
    return int(person.client.get("/live/urgent/").json()["kept-hits"]["count"])


def test_from_the_search_to_the_alert_and_back(alice: Person, harbour_unit: Unit) -> None:
    page = alice.client.get("/search/", {"q": MAIL, "status": "open", "after": ""}).text
    assert 'action="/search/kept/keep/"' in page
    assert '<input type="hidden" name="status" value="open">' in page
    made = keep(alice, status="open")
    assert (made.text, made.status, made.for_unit) == (MAIL, "open", False)
    (referral,) = story.samples(harbour_unit, "d1")
    kept.match_waiting(harbour_unit.id)
    assert pill(alice) == 1
    listed = alice.client.get(KEPT).text
    assert f'<a class="n" href="/search/kept/{made.id}/">1</a>' in listed
    one = alice.client.get(f"{KEPT}{made.id}/").text
    assert f'href="/referrals/{referral}/" data-open' in one
    assert ">new</span>" in one
    assert pill(alice) == 0
    assert ">new</span>" not in alice.client.get(f"{KEPT}{made.id}/").text


def test_a_kept_search_is_changed_on_the_search_page(alice: Person, harbour_unit: Unit) -> None:
    made = keep(alice, status="open")
    page = alice.client.get("/search/", {"q": "lighthouse", "kept": str(made.id), "files": "none"}).text
    assert "Let “Ilse” look for this" in page
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("/change/")[2].partition("</form>")[0]))
    assert sent.pop("csrfmiddlewaretoken", "")
    assert sent == {"q": "lighthouse", "files": "none", "name": "Ilse"}
    assert alice.client.post(f"{KEPT}{made.id}/change/", sent).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.status, made.files) == ("lighthouse", "", "none")
    assert alice.client.post(f"{KEPT}{made.id}/forget/").status_code == 302
    assert not KeptSearch.objects.exists()


@pytest.mark.parametrize("address", ["", "change/", "forget/"])
def test_what_is_another_unit_s_is_not_there(alice: Person, bob: Person, charlie: Person, address: str) -> None:
    shared, own = keep(alice, for_unit="1"), keep(alice, name="own")
    nowhere = f"{KEPT}01900000-0000-7000-8000-000000000000/{address}"
    sent = {"name": "x", "q": "x"}

    def asked(person: Person, where: str) -> tuple[int, str]:
        answer = person.client.post(where, sent) if address else person.client.get(where)
        return answer.status_code, _ITS_OWN.sub("", answer.text)

    assert asked(charlie, f"{KEPT}{shared.id}/{address}") == asked(charlie, nowhere)
    assert asked(bob, f"{KEPT}{own.id}/{address}") == asked(bob, nowhere)
    assert asked(charlie, nowhere)[0] == 404
    assert "Ilse" not in charlie.client.get(KEPT).text
    assert charlie.client.get("/search/", {"q": "x", "kept": str(shared.id)}).status_code == 404


@pytest.mark.parametrize("query", ["?after=x", "?after=%00"])
def test_an_address_made_by_hand_is_refused(alice: Person, query: str) -> None:
    assert alice.client.get(KEPT + query).status_code == 400
    made = keep(alice)
    assert alice.client.get(f"{KEPT}{made.id}/?behind=x").status_code == 400
    assert alice.client.get("/search/", {"q": "x", "kept": "x"}).status_code == 400
    assert alice.client.post(f"{KEPT}keep/", {"name": "y", "q": "x", "state": "XX"}).status_code == 400


def test_whoever_may_not_read_keeps_nothing(eve: Person) -> None:
    assert {eve.client.get(KEPT).status_code, eve.client.post(f"{KEPT}keep/", {"name": "a", "q": "b"}).status_code} == {403}


def test_a_program_keeps_a_search_and_asks_for_its_hits(alice: Person, harbour_unit: Unit, hill_unit: Unit) -> None:
    ours, other = program(harbour_unit), program(hill_unit)
    answer = ours.post("/search/kept", {"name": "Ilse", "q": MAIL, "status": "open"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["kept_by"], made["last_hit"], made["status"]) == (ours.actor, 0, "open")
    (referral,) = story.samples(harbour_unit, "d1")
    kept.match_waiting(harbour_unit.id)
    (line,) = ours.get("/search/kept").json()["items"]
    assert line["last_hit"] > 0
    (hit,) = ours.get(f"/search/kept/{made['id']}/hits").json()["items"]
    assert (hit["referral"], hit["ways"]) == (str(referral), ["identifier"])
    assert "@" not in json.dumps(hit)
    assert other.get("/search/kept").json()["items"] == []
    assert other.get(f"/search/kept/{made['id']}/hits").status_code == 404
    assert MAIL not in alice.client.get(KEPT).text
    headers = {"Authorization": f"Bearer {ours.word}"}
    path = f"/api/v1/search/kept/{made['id']}"
    changed = ours.client.put(
        path, json.dumps({"name": "all", "q": "x", "for_unit": True}), content_type="application/json", headers=headers
    )
    assert (changed.status_code, changed.json()["for_unit"]) == (200, True)
    assert ours.client.delete(path, headers=headers).status_code == 204
    assert not KeptSearch.objects.exists()


def test_a_token_that_is_over_finds_nothing(harbour_unit: Unit) -> None:
    from grace.accounts.viewer import operator
    from grace.pipeline import accounts

    ours = program(harbour_unit)
    ours.post("/search/kept", {"name": "Ilse", "q": MAIL})
    accounts.revoke_token(operator(), ours.token_id)  # type: ignore[arg-type]  # a text stands for the id
    story.samples(harbour_unit, "d1")
    kept.match_waiting(harbour_unit.id)
    assert not KeptHit.objects.exists()


def test_on_the_command_line(alice: Person, harbour_unit: Unit, hill_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grace.cli.searches.open_house", nullcontext)
    run = CliRunner()
    done = run.invoke(command.command, ["keep", "Ilse", MAIL, "--officer", "alice", "--for-unit", "--status", "open"])
    assert done.exit_code == 0, done.output
    made = KeptSearch.objects.get()
    assert (made.owner, made.via, made.for_unit, made.status) == (alice.officer.id, "officer", True, "open")
    assert done.output == f"Kept for Alice Example: {made.id}\n"
    listed = run.invoke(command.command, ["list", "--unit", "harbour-unit"]).output
    assert listed == f"{made.id}\tIlse\t{MAIL}\tAlice Example\tfor the unit\n"
    assert run.invoke(command.command, ["list", "--unit", "hill-unit"]).output == ""
    assert run.invoke(command.command, ["forget", str(made.id), "--unit", "hill-unit"]).exit_code != 0
    assert run.invoke(command.command, ["forget", str(made.id), "--unit", "harbour-unit"]).output == "“Ilse” is forgotten.\n"
    acts = [each.act for each in ledger.history(f"kept-search:{made.id}") if each.actor.startswith("operator:")]
    assert acts == ["search.forget", "search.forget", "search.list-kept", "search.keep"]
