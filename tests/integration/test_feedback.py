"""Feedback per report: the sender learns from the receipt, from its own interface and from an export what a report lacks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.cli.main import main
from grace.custody import ledger
from grace.intake.codes import Code
from grace.kernel import clock
from grace.referrals.models import Version
from grace.simulate.plan import Form
from grace.simulate.referral import Referral
from tests.integration.test_contradictions import rich, take_in
from tests.support.deliveries import hand_in, sample, unreadable
from tests.support.people import Person
from tests.support.programs import program
from tests.support.reporting import REPORT, provider

pytestmark = pytest.mark.django_db

NO_PORT = REPORT.replace("<port>51600</port>", "")


def codes(told: Any) -> list[str]:
    return [each["code"] for each in told]


def test_the_receipt_of_the_api_says_what_the_report_lacks(harbour_unit: Unit) -> None:
    ours = program(harbour_unit)
    answer = ours.post("/referrals", sample("d1"), name="report.json", key="once").json()
    (told,) = answer["feedback"]
    assert told, "d1 lacks something"
    assert {"code", "field", "severity", "says", "count", "paths"} == set(told[0])
    assert ours.post("/referrals", sample("d1"), name="report.json", key="once").json() == answer, "the same answer again"
    (kept,) = ours.get(f"/referrals/{answer['referrals'][0]}/feedback").json()
    assert kept["remarks"] == told
    assert kept["looked"] is True
    assert QueueRow.objects.get().lacks == codes(told)
    assert ours.post("/referrals", unreadable()).json()["feedback"] == []


def test_a_document_from_before_says_that_nobody_looked(harbour_unit: Unit) -> None:
    receipt = hand_in(harbour_unit, sample("d1"))[0]
    Version.objects.update(remarks=None)
    (told,) = program(harbour_unit).get(f"/referrals/{receipt.referrals[0]}/feedback").json()
    assert (told["looked"], told["remarks"]) == (False, [])


def test_another_unit_gets_no_feedback_and_the_attempt_is_written_down(harbour_unit: Unit, charlie: Person) -> None:
    receipt = hand_in(harbour_unit, sample("d1"))[0]
    theirs = program(charlie.officer.unit)
    assert theirs.get(f"/referrals/{receipt.referrals[0]}/feedback").status_code == 404
    assert charlie.client.get(f"/api/v1/referrals/{receipt.referrals[0]}/feedback").status_code == 404


def test_a_provider_asks_for_the_feedback_on_its_own_report(harbour_unit: Unit) -> None:
    chat, cloud = provider(harbour_unit), provider(harbour_unit, "Cloud Example")
    number = chat.open(NO_PORT)
    chat.upload(number)
    assert chat.get(f"feedback/{number}").code == Code.INVALID_REQUEST, "not finished"
    assert chat.finish(number).code == 0
    answer = chat.get(f"feedback/{number}").http
    assert answer.headers["Request-ID"]
    told = answer.json()
    assert (told["reportId"], told["read"]) == (number, True)
    (report,) = told["reports"]
    assert report["report"] == str(number)
    port = next(each for each in report["remarks"] if each["code"] == "ip.port-missing")
    assert (port["field"], port["severity"], port["count"]) == ("ip.port", "missing", 1)
    assert "ipCaptureEvent" in port["paths"][0]
    entry = next(each for each in ledger.history(f"report:{number}", 10) if each.act == "report.feedback" and not each.denied)
    assert (entry.kind, entry.recipient) == ("DISCLOSURE", f"sender:{chat.login.sender_id}")
    for asked in (number, number + 1, 10**17):
        assert cloud.get(f"feedback/{asked}").code == Code.NO_SUCH_REPORT
    assert any(each.denied for each in ledger.history(f"report:{number}", 20) if each.act == "report.feedback")
    assert chat.client.get(f"/ispws/feedback/{number}").status_code == 401


def test_an_unfinished_report_has_no_feedback_and_a_wrong_method_is_told(harbour_unit: Unit) -> None:
    chat = provider(harbour_unit)
    number = chat.open(NO_PORT)
    assert chat.ask("retract", number).code == 0
    assert chat.get(f"feedback/{number}").code in {Code.NO_SUCH_REPORT, Code.ALREADY_RETRACTED}
    assert chat.post(f"feedback/{number}", "").http.status_code == 405


@pytest.mark.usefixtures("open_house")
def test_the_feedback_of_a_period_is_exported_line_by_line(harbour_unit: Unit) -> None:
    chat = provider(harbour_unit)
    numbers = [chat.open(NO_PORT.replace("u-1", f"u-{place}")) for place in range(3)]
    for number in numbers:
        assert chat.finish(number).code == 0
    today = f"{clock.now():%Y-%m-%d}"
    words = ["senders", "feedback", "Chat Example", "--unit", harbour_unit.slug, "--since", today]
    made = CliRunner().invoke(main, words)
    assert made.exit_code == 0, made.output
    lines = [json.loads(line) for line in made.stdout.splitlines()]
    assert [line["report"] for line in lines] == [str(number) for number in numbers]
    assert all("ip.port-missing" in codes(line["remarks"]) for line in lines)
    entry = ledger.history(f"sender:{chat.login.sender_id}", 10)[0]
    assert (entry.act, entry.kind, entry.recipient) == ("sender.feedback", "DISCLOSURE", f"sender:{chat.login.sender_id}")
    gone = CliRunner().invoke(main, [*words[:2], "Nobody Example", *words[3:]])
    assert gone.exit_code != 0
    assert "No such sender" in gone.output


def test_what_one_document_states_the_referral_does_not_lack(harbour_unit: Unit) -> None:
    said = rich()

    def ported(port: int | None) -> Referral:
        accounts = (replace(each, captures=tuple(replace(use, port=port) for use in each.captures)) for each in said.accounts)
        return replace(said, accounts=tuple(accounts))

    take_in(harbour_unit, ported(None), Form.LEA_JSON)
    before = QueueRow.objects.get().lacks or []
    take_in(harbour_unit, ported(51_600), Form.TIP_FOLDER)
    assert "ip.port-missing" in before
    after = QueueRow.objects.get().lacks or []
    assert "ip.port-missing" not in after
    assert [each[0] for each in (Version.objects.get(ordinal=1).remarks or []) if each[0] == "ip.port-missing"], "the document still does"


def test_feedback_repeats_nothing_of_what_a_report_says(harbour_unit: Unit) -> None:
    from grace.referrals.reconcile import unpacked

    for name in ("d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"):
        hand_in(harbour_unit, sample(name))
    for version in Version.objects.all():
        told = json.dumps(version.remarks)
        for leaf in unpacked(version.canonical)["leaves"]:
            if len(leaf["value"]) > 6 and not leaf["value"].isalpha():
                assert leaf["value"] not in told, version.format
