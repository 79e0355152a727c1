from __future__ import annotations

from dataclasses import replace

from grace.intake.canonical import canonical
from grace.intake.normalise import facts
from grace.intake.recall import recall
from grace.intake.said import said
from grace.intake.test_said import ADA, ALL, BOAT, REPORT, told
from grace.intake.together import together
from grace.sdk.intake import Claim, Kind, Passage, Person, Reading, Role


def test_what_is_recalled_says_the_same() -> None:
    report = replace(REPORT, incident_at="2025-01-01 10:00", always_utc=True, passages=(Passage("A ferry.", "$", "note"),))
    before = canonical(Reading(report, ("d",)))
    again = canonical(Reading(recall(before), ("d",)))
    assert said(again, ALL) == said(before, ALL)


def test_a_poorer_document_takes_nothing_away() -> None:
    print_ = replace(REPORT, format="print", persons=(Person(Role.REPORTED, "p"),), attachments=(), escalated=None)
    rich = replace(REPORT, escalated="now", prior_numbers=("1",))
    whole = together([recall(told(each)) for each in (print_, rich)])
    assert whole.escalated == "now"
    assert whole.prior_numbers == ("1",)
    assert [person.role for person in whole.persons] == [Role.REPORTED, Role.RECIPIENT]
    assert whole.persons[0].fields["first_name"] == "Ada"
    assert len(facts(whole).sightings) == 1
    assert [file.name for file in whole.attachments] == ["boat.jpg"]


def test_where_two_speak_the_newest_counts_and_claims_are_united() -> None:
    phone = Claim(Kind.PHONE, "+33639980023", "p")
    newer = replace(
        REPORT, persons=(replace(ADA, fields={"first_name": "Adele"}, claims=(phone,)),), attachments=(replace(BOAT, viewed=False),)
    )
    whole = together([newer, REPORT])
    assert whole.persons[0].fields == {"first_name": "Adele", "date_of_birth": "05-17-1991"}
    assert {claim.kind for claim in whole.persons[0].claims} == {Kind.PHONE, Kind.IP}
    assert [file.viewed for file in whole.attachments] == [False]
