"""Several documents of one report, taken in one after the other: nothing gets poorer, what differs is listed, corrections are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.custody.canonical import EntryRow
from grace.intake.models import SenderDay
from grace.kernel import clock
from grace.kernel.errors import Missing
from grace.pipeline.receive import Receipt
from grace.pipeline.versions import compare, versions
from grace.priority.assess import signals_of
from grace.referrals import attachments, contradictions
from grace.referrals import read as referrals
from grace.referrals.models import Contradiction, Version
from grace.sdk.intake import Role
from grace.simulate.forms import members, plant
from grace.simulate.plan import Form
from grace.simulate.referral import Referral
from grace.simulate.world import zipped
from tests.support.deliveries import hand_in
from tests.support.people import Person
from tests.support.truths import reports

pytestmark = pytest.mark.django_db


@cache
def rich() -> Referral:
    """A report that says much: a recipient, an escalation, uses of addresses, files with digests that were viewed or not, a name, a page."""
    return next(
        replace(each, escalation="Please read this first. Invented example.")
        for each in reports(3, 60)
        if each.by_role(Role.RECIPIENT)
        and each.accounts[0].given
        and each.accounts[0].captures
        and not each.bundled
        and each.annotations
        and any(file.viewed is not None for file in each.files)
    )


def take_in(unit: Unit, referral: Referral, form: Form) -> Receipt:
    documents = members(referral, form)
    content = zipped(documents) if len(documents) > 1 else next(iter(documents.values()))
    (receipt,) = hand_in(unit, content, name=f"{form}.bin")
    return receipt


def kinds(referral: UUID) -> set[str]:
    return {each.kind for each in signals_of([referral])[referral]}


def fields(referral: UUID) -> list[str]:
    return sorted(Contradiction.objects.filter(referral_id=referral, until__isnull=True).values_list("field", flat=True))


def test_the_same_report_in_another_format_is_a_version_and_no_correction(alice: Person, harbour_unit: Unit) -> None:
    first = take_in(harbour_unit, rich(), Form.LEA_JSON)
    second = take_in(harbour_unit, rich(), Form.TIP_FOLDER)
    assert first.referrals == second.referrals
    (referral,) = first.referrals
    assert Version.objects.filter(referral_id=referral, replaced_at__isnull=True).count() == 2
    assert fields(referral) == []
    assert "contradictions" not in QueueRow.objects.get().summary
    found = versions(alice.viewer, referral)
    assert [each.corrected for each in found.lines] == [(), ()]
    assert not {"referral.correct", "referral.contradict"} & {each.act for each in ledger.history(f"referral:{referral}")}


def test_an_escalation_is_judged_once(harbour_unit: Unit) -> None:
    """On a day on which its sender's share is spent, a further document neither spends nor loses what the first one had."""
    with clock.held(clock.now()):
        (referral,) = take_in(harbour_unit, rich(), Form.TIP_FOLDER).referrals
        floor = QueueRow.objects.get(referral_id=referral).floor
        spent = SenderDay.objects.get()
        spent.received, spent.counted = 500, 500
        spent.save()
        take_in(harbour_unit, rich(), Form.LEA_JSON)
        take_in(harbour_unit, replace(rich(), note="The moment of detection."), Form.TIP_FOLDER)
    assert floor
    assert QueueRow.objects.get(referral_id=referral).floor == floor
    assert "sender.escalated" in kinds(referral)
    assert (SenderDay.objects.get().counted, SenderDay.objects.get().over_share) == (500, 0)


def test_a_poorer_document_makes_the_referral_no_poorer(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = take_in(harbour_unit, rich(), Form.TIP_FOLDER).referrals
    before, row, rich_kinds = referrals.read(alice.viewer, referral), QueueRow.objects.get(), kinds(referral)
    digests = [each.digests for each in attachments.of([referral])[referral]]
    poor = replace(rich(), accounts=(), files=rich().files[:1], page="", text="")
    take_in(harbour_unit, poor, Form.LEA_JSON)
    after = referrals.read(alice.viewer, referral)
    assert len(after.persons) == len(before.persons)
    assert len(after.sightings) >= len(before.sightings)
    assert [each.name for each in after.attachments] == [each.name for each in before.attachments]
    assert kinds(referral) >= rich_kinds
    assert [each.digests for each in attachments.of([referral])[referral]] == digests
    now = QueueRow.objects.get()
    assert (now.floor, now.urgency) >= (row.floor, row.urgency)
    assert {**now.summary, "versions": 1} == row.summary


def test_documents_together_are_told_by_all_that_stands(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = take_in(harbour_unit, rich(), Form.LEA_JSON).referrals
    take_in(harbour_unit, rich(), Form.TIP_FOLDER)
    whole = referrals.read(alice.viewer, referral)
    alone = referrals.read(alice.viewer, referral, 1)
    assert {each.role for each in whole.persons} > {each.role for each in alone.persons}
    assert [each.role for each in whole.persons].count("reported") == 1
    uses = [
        (each.person_id, each.attachment_id, each.identifier_id, (each.event or "").casefold(), each.at, each.port)
        for each in whole.sightings
    ]
    assert len(uses) == len(set(uses))
    assert {each.person_id for each in whole.sightings} - {None} <= {each.id for each in whole.persons}
    assert {each.attachment_id for each in whole.sightings} - {None} <= {each.id for each in whole.attachments}
    assert len(whole.attachments) == len(rich().files)
    assert all(each.sha1 for each in whole.attachments)


def test_a_contradiction_is_listed_with_both_sources_until_a_document_settles_it(alice: Person, harbour_unit: Unit) -> None:
    changed = plant(rich(), "person.first_name")
    assert changed is not None
    (referral,) = take_in(harbour_unit, rich(), Form.LEA_JSON).referrals
    with clock.held(clock.now() + timedelta(hours=1)):
        take_in(harbour_unit, changed, Form.TIP_FOLDER)
    (found,) = contradictions.of(alice.viewer, referral)
    assert (found.field, found.of) == ("person.first_name", ["reported 1"])
    assert (found.older_says, found.newer_says) == ([rich().accounts[0].given], ["Zoe"])
    assert (found.older.format, found.newer.format) == ("lea-json", "cybertipline-xml")
    assert found.since == found.newer.known_at
    assert QueueRow.objects.get().summary["contradictions"] == 1
    assert "referral.contradict" in {each.act for each in ledger.history(f"referral:{referral}")}
    with clock.held(clock.now() + timedelta(hours=2)):
        take_in(harbour_unit, changed, Form.LEA_JSON)
    found.refresh_from_db()
    assert found.until is not None
    assert fields(referral) == []
    assert "contradictions" not in QueueRow.objects.get().summary


def test_what_we_knew_at_a_moment_can_be_read(alice: Person, harbour_unit: Unit) -> None:
    start = clock.now()
    changed = plant(rich(), "person.first_name")
    assert changed is not None
    for hours, report, form in ((1, rich(), Form.LEA_JSON), (2, changed, Form.TIP_FOLDER), (3, changed, Form.LEA_JSON)):
        with clock.held(start + timedelta(hours=hours)):
            (referral,) = take_in(harbour_unit, report, form).referrals

    def known(minutes: int) -> tuple[Sequence[int], int]:
        at = start + timedelta(minutes=minutes)
        standing = [each.ordinal for each in referrals.read(alice.viewer, referral, at=at).standing]
        return standing, len(versions(alice.viewer, referral, at).standing)

    assert known(90) == ([1], 0)
    assert known(150) == ([2, 1], 1)
    assert known(210) == ([3, 2], 0)
    with pytest.raises(Missing):
        referrals.read(alice.viewer, referral, at=start)


def test_a_correction_is_told_to_the_ledger_and_a_repetition_is_not(harbour_unit: Unit) -> None:
    (referral,) = take_in(harbour_unit, rich(), Form.LEA_JSON).referrals
    spaced = next(iter(members(rich(), Form.LEA_JSON).values())) + b"\n\n"
    hand_in(harbour_unit, spaced)
    assert corrections_of(referral) == []
    corrected = plant(rich(), "email")
    assert corrected is not None
    take_in(harbour_unit, corrected, Form.LEA_JSON)
    (entry,) = corrections_of(referral)
    ids = {each.ordinal: each.id for each in Version.objects.filter(referral_id=referral)}
    assert entry.detail == {"old": f"{ids[2]}", "new": f"{ids[3]}", "fields": "2"}


def corrections_of(referral: UUID) -> list[EntryRow]:
    return [each for each in ledger.history(f"referral:{referral}") if each.act == "referral.correct"]


def test_two_versions_are_compared_field_by_field(alice: Person, harbour_unit: Unit) -> None:
    changed = plant(rich(), "ip.port")
    assert changed is not None
    (referral,) = take_in(harbour_unit, rich(), Form.LEA_JSON).referrals
    take_in(harbour_unit, changed, Form.TIP_FOLDER)
    found = compare(alice.viewer, referral, 1, 2)
    assert [each.field for each in found.fields if each.differs] == ["ip.port"]
    received = next(each for each in found.fields if each.field == "report.received")
    assert (received.other, received.one_may, received.other_may) == (None, True, False)
    assert found.leaves is None


def test_many_further_documents_take_few_queries(harbour_unit: Unit, django_assert_max_num_queries: Any) -> None:
    """The set-based promise: a batch of further documents costs as many queries as one."""
    some = list(reports(11, 14))
    for each in some:
        take_in(harbour_unit, each, Form.LEA_JSON)
    contents = [zipped(members(each, Form.TIP_FOLDER)) for each in some]
    with django_assert_max_num_queries(60):
        hand_in(harbour_unit, *contents, name="report.zip")
    assert Version.objects.filter(replaced_at__isnull=True).count() == 2 * len(some)
