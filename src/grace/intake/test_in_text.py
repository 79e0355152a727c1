from dataclasses import replace

import pytest

from grace.intake import in_text
from grace.intake.canonical import canonical
from grace.intake.in_text import region_of
from grace.intake.normalise import facts
from grace.sdk.intake import Attachment, Claim, Kind, Passage, Person, Reading, Report, Role

BARE = Report("x", "x", "1", "x")
BIO = Passage("Kite flyer. Mail kite@example.org, snap: kite_77, again kite@example.org", "$.bio", "bio")


def person(*claims: Claim, role: Role = Role.REPORTED, **fields: str) -> Person:
    return Person(role, "$.p", fields, claims, (BIO,) if role is Role.REPORTED else ())


def mentioned(report: Report) -> list[tuple[str, str]]:
    return [(each.value, each.place) for each in facts(report).sightings if not each.is_stated]


def test_what_stands_in_a_text_becomes_a_sighting_of_its_bearer_once_with_its_place() -> None:
    report = replace(BARE, persons=(person(),), attachments=(Attachment("$.f", passages=(BIO,)),), passages=(BIO,))
    found = [each for each in facts(report).sightings if each.mined]
    assert [(each.person, each.attachment) for each in found] == [(0, None)] * 2 + [(None, None)] * 2 + [(None, 0)] * 2
    first = found[0]
    assert (first.kind, first.value, first.place, first.facts) == (Kind.EMAIL, "kite@example.org", "$.bio#char=17,33", {"about": "bio"})
    assert BIO.text[17:33] == first.as_written
    assert (found[1].value, found[1].service) == ("kite_77", "snapchat")


def test_what_is_stated_of_the_bearer_or_mined_by_its_format_is_no_double() -> None:
    mail = Claim(Kind.EMAIL, "Kite@Example.org", "$.email")
    for claim in (mail, replace(mail, mined=True, path="$.bio")):
        assert mentioned(replace(BARE, persons=(person(claim),))) == [("kite_77", "$.bio#char=41,48")]
    name = Claim(Kind.SCREEN_NAME, "kite_77", "$.name", service="Example Chat")
    assert len(mentioned(replace(BARE, persons=(person(name),)))) == 2, "the same name at another service is another name"


def test_an_address_in_a_text_is_weak_and_keeps_its_port() -> None:
    (address,) = facts(replace(BARE, passages=(Passage("seen at 192.0.2.1:51522", "$", "note"),))).sightings
    assert (address.value, address.port, address.weak, address.at) == ("192.0.2.1", 51522, True, None)


def test_every_place_stands_in_the_canonical_form() -> None:
    told = canonical(Reading(replace(BARE, persons=(person(),)), ("d",)))
    (passage,) = told["persons"][0]["passages"]  # type: ignore[index]
    assert [BIO.text[each["start"] : each["end"]] for each in passage["identifiers"]] == ["kite@example.org", "kite_77", "kite@example.org"]
    assert told["identifiers_in_text"] == [
        {
            "type": "email",
            "value": "kite@example.org",
            "normal": "kite@example.org",
            "service": None,
            "path": "$.bio",
            "position": {"start": 17, "end": 33},
        },
        {
            "type": "screen_name",
            "value": "kite_77",
            "normal": "kite_77",
            "service": "snapchat",
            "path": "$.bio",
            "position": {"start": 41, "end": 48},
        },
    ]
    assert told["emails"] == told["screen_names"] == []


@pytest.mark.parametrize(
    ("persons", "region"),
    [
        ((), None),
        ((person(Claim(Kind.PHONE, "+32 470 12 34 56", "$")),), "BE"),
        ((person(address_country="be"),), "BE"),
        ((person(Claim(Kind.PHONE, "+32 470 12 34 56", "$"), address_country="BE"),), "BE"),
        ((person(Claim(Kind.PHONE, "+32 470 12 34 56", "$"), address_country="FR"),), None),
        ((person(address_country="BE"), person(address_country="FR")), None),
        ((person(address_country="BE"), person(address_country="US", role=Role.SENDER)), "BE"),
        ((person(address_country="Belgium"),), None),
        ((person(Claim(Kind.PHONE, "020 7946 0018", "$", facts={"country_calling_code": "+44"})),), "GB"),
        ((person(Claim(Kind.PHONE, "+32 470 12 34 56", "$", mined=True)),), None),
    ],
)
def test_the_region_is_what_the_report_states_without_contradiction(persons: tuple[Person, ...], region: str | None) -> None:
    assert region_of(replace(BARE, persons=persons)) == region


def test_a_national_number_is_read_by_the_reports_own_region() -> None:
    text = Passage("bel 0470 12 34 57 op 01.02.2025", "$", "chat")
    assert mentioned(replace(BARE, passages=(text,))) == []
    assert mentioned(replace(BARE, persons=(Person(Role.REPORTED, "$", {"address_country": "BE"}),), passages=(text,))) == [
        ("+32470123457", "$#char=4,17")
    ]


def test_a_flood_is_searched_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_text, "MOST_CHARACTERS", 20_000)
    many = " ".join(f"kite{number}@example.org" for number in range(300))
    passages = (Passage(many, "$.a", "note"), Passage("x" * 20_000, "$.b", "note"), Passage("last@example.org", "$.c", "note"))
    told = facts(replace(BARE, passages=passages))
    assert len(told.sightings) == in_text.MOST_IN_PASSAGE
    assert [(note.code, note.path) for note in told.notes] == [("text-searched-in-part", f"$.{name}") for name in "abc"]
    assert canonical(Reading(replace(BARE, passages=passages), ()))["notes"]
    flood = tuple(Passage("x" * 200, f"$.{number}", "note") for number in range(2 * in_text.MOST_NOTES))
    assert len(facts(replace(BARE, passages=flood)).notes) == in_text.MOST_NOTES
