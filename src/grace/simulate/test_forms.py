"""One report in every form, read here without any reader: what is said, and that a planted difference changes the document."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from grace.simulate.chance import Dice
from grace.simulate.forms import CHANGES, full, members, plant
from grace.simulate.layout import rows
from grace.simulate.pdf import document
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.referral import Referral
from grace.simulate.world import World

PLAN = WorldPlan(
    seed=9, referrals=20, files_per_referral=3, truncated_share=0, flaw_share=0, forms=((Form.LEA_JSON, 1.0),), listed_pictures=1
)


@pytest.fixture(scope="module")
def written() -> list[Referral]:
    world = World(PLAN)
    return [full(world.referral(index), Dice("full", index)) for index in range(PLAN.referrals)]


@pytest.mark.parametrize("form", Form)
def test_a_report_is_the_same_bytes_every_time(written: list[Referral], form: Form) -> None:
    for referral in written[:4]:
        assert members(referral, form) == members(referral, form)


@pytest.mark.parametrize("field", CHANGES)
def test_a_planted_difference_changes_the_report_or_has_nothing_to_change(written: list[Referral], field: str) -> None:
    changed = [(referral, other) for referral in written if (other := plant(referral, field)) is not None]
    assert changed
    for referral, other in changed:
        assert referral != other
        assert referral.number == other.number


def test_the_print_says_what_the_report_says(written: list[Referral]) -> None:
    for referral in written:
        lines = [row if isinstance(row, str) else " ".join(row) for row in rows(referral)]
        assert lines[0] == f"CyberTipline Report {referral.number}"
        assert f"Incident Time: {referral.incident_at:%m-%d-%Y %H:%M:%S} UTC" in lines
        assert sum(line.startswith("MD5: ") for line in lines) == len(referral.files)
        assert sum(line.startswith("ESP User ID: ") for line in lines) == len(referral.accounts)
        assert lines.index("Section A: Reported Information") < lines.index("This concludes Section A")


def test_a_long_name_goes_on_on_the_next_line(written: list[Referral]) -> None:
    referral = next(each for each in written if each.files)
    name = "x" * 70 + ".jpg"
    long = replace(referral, files=(replace(referral.files[0], truth=replace(referral.files[0].truth, name=name)),))
    lines = list(rows(long))
    place = lines.index(f"Filename: {'x' * 46}")
    assert lines[place + 1] == name[46:]


def test_a_long_print_has_several_pages_and_its_table_points_at_the_objects() -> None:
    content = document([f"line {number} (of many) \\ é" for number in range(120)])
    assert b"/Count 3" in content
    assert rb"\(of many\) \\ " + "é".encode("cp1252") in content
    offsets = [int(offset) for offset in re.findall(rb"(\d{10}) 00000 n", content)]
    assert [int(content[offset:].split(b" ", 1)[0]) for offset in offsets] == list(range(1, len(offsets) + 1))


def test_the_mail_carries_the_print_or_the_json(written: list[Referral]) -> None:
    referral = written[0]
    (text,) = members(referral, Form.MAIL).values()
    body = message_from_bytes(text, policy=default).get_body()
    assert body is not None
    assert f"CyberTipline Report {referral.number}" in body.get_content()
    (carried,) = members(referral, Form.MAIL_JSON).values()
    (attached,) = message_from_bytes(carried, policy=default).iter_attachments()
    assert attached.get_filename() == f"{referral.number}.json"
    assert attached.get_content() == next(iter(members(referral, Form.LEA_JSON).values()))


def test_our_own_json_leaves_out_what_is_not_said(written: list[Referral]) -> None:
    for referral in written:
        (content,) = members(referral, Form.GRACE_JSON).values()
        told = json.loads(content)
        assert told["number"] == referral.number
        assert ("escalated" in told) == (referral.escalation is not None)
        assert [person["role"] for person in told["persons"]] == [*(account.role.value for account in referral.accounts), "sender"]


def test_a_world_of_prints_and_mails_can_be_written() -> None:
    forms = ((Form.PDF, 1.0), (Form.MAIL, 1.0), (Form.MAIL_JSON, 1.0), (Form.GRACE_JSON, 1.0))
    world = World(replace(PLAN, forms=forms, referrals=24))
    made = [world.document(index) for index in range(24)]
    assert {document.truth.form for document in made} == dict(forms).keys()
    assert {document.name.rpartition(".")[2] for document in made} == {"pdf", "eml", "json"}
    assert not any(file.present for document in made for file in document.truth.files)
