"""Links by the API and the command line: the same rights, the same ledger, page by page, and only an officer says what stands."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.cli import links as command
from grace.custody import ledger
from grace.links.models import Verdict
from grace.pipeline.decide import decide
from grace.referrals.models import Referral
from tests.support import floods
from tests.support.jobs import run_due_jobs
from tests.support.people import Person
from tests.support.programs import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(harbour_unit: Unit) -> list[UUID]:
    """Five referrals: three of one account, one that has a file in common with the first, one alone."""
    documents = [floods.tip(701, "u-1", md5="ab" * 16), floods.tip(702, "u-1"), floods.tip(703, "u-1")]
    documents += [floods.tip(704, "u-4", md5="ab" * 16), floods.tip(705, "u-5")]
    return floods.take_in(harbour_unit, documents, name="report.zip")


def number_of(referral: UUID) -> str:
    return str(Referral.objects.get(id=referral).number)


def test_a_program_pages_through_links_and_sees_no_value(harbour_unit: Unit, linked: list[UUID]) -> None:
    ours, first = program(harbour_unit), linked[0]
    found, after = [], ""
    for _ in range(3):
        page = ours.get(f"/referrals/{first}/links", limit=1, after=after).json()
        found += page["items"]
        after = page["after"]
    assert (after, page["total"], page["members"]) == ("", 3, 4)
    assert {each["other"] for each in found[:2]} == {str(each) for each in linked[1:3]}, "equally strong, and they came at once"
    assert found[2]["other"] == str(linked[3])
    assert [shared["kind"] for each in found for shared in each["shared"]] == ["user_id", "user_id", "file"]
    assert {shared["value"] for each in found for shared in each["shared"]} == {""}
    assert [each["strength"] for each in found] == sorted((each["strength"] for each in found), reverse=True)
    assert ours.get(f"/referrals/{first}/links", after="nonsense").status_code == 422
    assert ours.get(f"/referrals/{first}/links", until="2001-01-01T00:00:00Z").json()["items"] == []
    entry = next(each for each in ledger.history(f"referral:{linked[3]}", 20) if each.act == "links.read")
    assert (entry.actor, entry.kind) == (ours.actor, "CONSULTATION")


def test_the_value_is_told_to_the_officer_who_took_it(alice: Person, linked: list[UUID]) -> None:
    decide(alice.viewer, linked[0], Wish("take"))
    told = alice.client.get(f"/api/v1/referrals/{linked[0]}/links").json()
    assert {shared["value"] for each in told["items"] for shared in each["shared"]} == {"u-1", ""}


def test_the_way_and_what_is_not_there(harbour_unit: Unit, hill_unit: Unit, linked: list[UUID]) -> None:
    ours, theirs = program(harbour_unit), program(hill_unit)
    way = ours.get(f"/referrals/{linked[3]}/links/way", to=number_of(linked[1])).json()
    assert [(each["referral"], each["other"]) for each in way["links"]] == [
        (str(linked[3]), str(linked[0])),
        (str(linked[0]), str(linked[1])),
    ]
    assert ours.get(f"/referrals/{linked[3]}/links/way", to=number_of(linked[4])).json()["links"] is None
    for path in (f"/referrals/{linked[0]}/links", f"/referrals/{linked[0]}/links/way"):
        assert theirs.get(path, to="1").status_code == 404
        assert program(harbour_unit, frozenset({Capability.RECEIVE})).get(path, to="1").status_code == 403


def test_only_an_officer_cuts_and_confirms(alice: Person, harbour_unit: Unit, linked: list[UUID]) -> None:
    path = f"/referrals/{linked[0]}/links/{linked[1]}"
    assert program(harbour_unit).post(path, {"says": "cut", "reason": "because"}).status_code == 403
    made = alice.client.post(f"/api/v1{path}", {"says": "cut", "reason": "a shared computer"}, content_type="application/json")
    assert (made.status_code, made.json()["says"]) == (201, "cut")
    assert alice.client.post(f"/api/v1{path}", {"says": "cut", "reason": "again"}, content_type="application/json").status_code == 409
    assert alice.client.post(f"/api/v1{path}", {"says": "burn", "reason": "x"}, content_type="application/json").status_code == 422
    told = {each["other"]: each["said"] for each in alice.client.get(f"/api/v1/referrals/{linked[0]}/links").json()["items"]}
    assert told[str(linked[1])]["reason"] == "a shared computer"
    assert Verdict.objects.count() == 1


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr("grace.cli.house.open_house", nullcontext)
    return CliRunner()


def test_the_command_lists_links_and_ways(run: CliRunner, harbour_unit: Unit, hill_unit: Unit, linked: list[UUID]) -> None:
    asked = ["of", number_of(linked[0]), "--unit", "harbour-unit"]
    told = run.invoke(command.command, [*asked, "--most", "2"])
    assert told.exit_code == 0, told.output
    assert f"{linked[2]}" in told.output
    assert "u-1" not in told.output
    key = told.output.rpartition("--after ")[2].strip()
    rest = json.loads(run.invoke(command.command, [*asked, "--after", key, "--json"]).output)
    assert [each["referral"] for each in rest["links"]] == [str(linked[3])]
    way = run.invoke(command.command, ["way", number_of(linked[3]), number_of(linked[1]), "--unit", "harbour-unit"])
    assert way.output.count("\n") == 2
    assert run.invoke(command.command, ["way", number_of(linked[3]), number_of(linked[4]), "--unit", "harbour-unit"]).exit_code == 1
    assert run.invoke(command.command, ["of", number_of(linked[0]), "--unit", "hill-unit"]).exit_code == 1


def test_the_command_imports_shows_and_restores_shared_lines(run: CliRunner, linked: list[UUID], tmp_path: Path) -> None:
    file = tmp_path / "lines.csv"
    file.write_text("vpn, 203.0.113.0/24, Example VPN\nmail, example.net\n", encoding="utf-8")
    assert run.invoke(command.command, ["lines"]).output == ""
    told = run.invoke(command.command, ["lines", "--import", str(file), "--note", "our first"])
    assert "Version 1 with 2 entries is in force" in told.output, told.output
    assert run.invoke(command.command, ["lines"]).output == "mail, example.net\nvpn, 203.0.113.0/24, Example VPN\n"
    file.write_text("vpn, nonsense\n", encoding="utf-8")
    wrong = run.invoke(command.command, ["lines", "--import", str(file), "--note", "x"])
    assert (wrong.exit_code, wrong.exception is not None) == (1, True)
    file.write_text("", encoding="utf-8")
    run.invoke(command.command, ["lines", "--import", str(file), "--note", "nothing"])
    assert run.invoke(command.command, ["lines"]).output == ""
    assert "Version 3 with 2 entries" in run.invoke(command.command, ["lines", "--restore", "1", "--note", "back"]).output
    run_due_jobs()
    told = run.invoke(command.command, ["lines", "--versions"])
    assert "looked through: 100%" in told.output
    assert [line.split()[0] for line in told.output.splitlines()[:3]] == ["3", "2", "1"]
