"""Each provider's way, on small invented documents."""

import json
from typing import Any

import pytest

from grace.intake.formats.lea_json import FORMAT
from grace.intake.formats.lea_json.quirks import quirk_of
from grace.intake.normalise import facts
from grace.sdk.intake import Claim, Kind, Report, Role
from grace.sdk.testing import package


def report(sender: str, **information: Any) -> Report:
    tree = {
        "reportId": 1,
        "reportedInformation": {"reportingEsp": {"espName": sender, "lastName": information.pop("lastName", None)}, **information},
    }
    return FORMAT.read(package({"report.json": json.dumps(tree).encode()}))[0].report


def texts(*values: str) -> list[dict[str, str]]:
    return [{"value": value} for value in values]


def person(**fields: Any) -> dict[str, Any]:
    return {"reportedPersons": [{"espUserId": "u-1", **fields}]}


def file(**fields: Any) -> dict[str, Any]:
    return {"uploadedFiles": [{"filename": "a.jpg", **fields}]}


def captures(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"sourceCaptures": list(entries)}


def mined(found: Report) -> list[tuple[Kind, str]]:
    claims = [*found.claims, *(claim for somebody in found.persons for claim in somebody.claims)]
    return [(claim.kind, claim.value) for claim in claims if claim.mined]


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("Facebook", "Meta"),
        ("Instagram, Inc.", "Meta"),
        ("Facebook Ireland", "Quirk"),
        ("WhatsApp Inc.", "WhatsApp"),
        ("X Corp.", "XCorp"),
        ("Microsoft - Online Operations", "Microsoft"),
        ("Dropbox, Inc.", "Dropbox"),
        ("Dropbox", "Quirk"),
        ("Imgur LLC", "Imgur"),
        ("TikTok Inc.", "TikTok"),
        ("Reddit, Inc.", "Reddit"),
        ("Yahoo! Inc", "Yahoo"),
        ("MeetMe, Inc.", "MeetMe"),
        ("Block, Inc. (Cash App)", "Block"),
        ("Block, Inc.", "Block"),
        ("Blockchain Example", "Quirk"),
        ("Google LLC", "Quirk"),
        ("", "Quirk"),
    ],
)
def test_a_provider_is_known_by_its_name(sender: str, name: str) -> None:
    assert type(quirk_of(sender)).__name__ == name


def test_meta_leads_are_fields_and_boilerplate_stands_apart() -> None:
    text = 'When Meta responds "No" ...\nFile\'s unique ESP Identifier: 555\nMessenger Thread ID: 12\nUploaded April 1\nHe Uploaded it.\nMy text'
    found = report("Facebook", uploadedFiles=file(viewedByEsp=False, additionalInformations=texts(text)))
    (attachment,) = found.attachments
    assert attachment.fields == {"esp_file_id": "555", "thread_id": "12"}
    assert [(passage.about, passage.text.count("\n") + 1) for passage in attachment.passages] == [("note", 2), ("boilerplate", 4)]
    assert [note.code for note in found.notes] == ["not-viewed-but-known"]


def test_whatsapp_paragraphs() -> None:
    text = 'One\r\ntwo.\r\n \r\n{"report_surface": "x"}\r\n\r\nThree.'
    found = report("WhatsApp Inc.", additionalInformations=texts(text))
    assert [(passage.about, passage.text) for passage in found.passages] == [
        ("note", "One two.\n\nThree."),
        ("machine", '{"report_surface": "x"}'),
    ]


def test_dropbox_times_stand_in_the_metadata_only() -> None:
    metadata = {"metadatas": [{"name": "Upload Date and Time", "value": "2025-05-21T01:00:00Z"}]}
    capture = captures({"captureType": "IP Address", "value": "192.0.2.1", "dateTime": "2025-01-01T00:00:00Z"})
    found = report("Dropbox, Inc.", uploadedFiles=file(espMetadata=metadata, sourceInformation=capture))
    assert found.attachments[0].uploaded_at == "2025-05-21T01:00:00Z"
    assert report("Dropbox, Inc.", uploadedFiles=file(sourceInformation=capture)).attachments[0].uploaded_at is None


def test_imgur_text_is_the_persons_and_the_event_tells_the_time() -> None:
    capture = captures(
        {"captureType": "URL", "value": "https://example.org/1", "dateTime": "2025-01-01T00:00:00Z"},
        {"captureType": "IP Address", "value": "192.0.2.1", "eventName": "UPLOAD", "dateTime": "2025-01-02T00:00:00Z"},
    )
    found = report(
        "Imgur LLC",
        additionalInformations=texts("About the account"),
        reportedPeople=person(),
        uploadedFiles=file(sourceInformation=capture),
    )
    assert found.passages == ()
    assert [passage.text for passage in found.persons[0].passages] == ["About the account"]
    assert found.attachments[0].uploaded_at == "2025-01-02T00:00:00Z"


def test_text_about_one_of_two_persons_stays_with_the_report() -> None:
    people = {"reportedPersons": [{"espUserId": "u-1"}, {"espUserId": "u-2"}]}
    found = report("Imgur LLC", additionalInformations=texts("About an account"), reportedPeople=people)
    assert [passage.text for passage in found.passages] == ["About an account"]


def test_everyone_else_gives_the_first_capture_as_upload_time() -> None:
    capture = captures({"captureType": "URL", "value": "N/A", "dateTime": "2025-01-01T00:00:00Z"}, {"dateTime": "2025-01-02T00:00:00Z"})
    assert report("Example", uploadedFiles=file(sourceInformation=capture)).attachments[0].uploaded_at == "2025-01-01T00:00:00Z"


def test_x_corp_profiles_and_posts_may_hold_colons_and_lines() -> None:
    page = {
        "sourceInformation": captures({"captureType": "URL", "value": "https://example.org/s/1"}),
        "additionalInformations": texts("Type: Post\nText: one: two\nthree"),
    }
    profile = captures({"captureType": "Profile URL", "value": "https://example.org/u"})
    somebody = person(sourceInformation=profile, additionalInformations=texts("Full Name: A: B\nLocation: C\nDescription: d"))
    found = report("X Corp", incidentDetails={"webpageIncident": [page]}, reportedPeople=somebody)
    assert {key: value for key, value in found.persons[0].fields.items() if key.startswith("profile")} == {
        "profile_full_name": "A: B",
        "profile_location": "C",
        "profile_description": "d",
        "profile_url": "https://example.org/u",
    }
    assert found.facts["post_1_type"] == "Post"
    assert [(passage.about, passage.text) for passage in found.passages] == [("post", "one: two\nthree")]
    assert [claim.value for claim in found.claims] == ["https://example.org/s/1"]


def test_microsoft_names_its_service_in_the_last_name() -> None:
    found = report("Microsoft - Online Operations", lastName="Microsoft BingImage")
    assert found.service == "Microsoft BingImage"
    assert [note.code for note in found.notes] == ["time-of-receipt"]
    assert report("Example", lastName="Desk").service is None


def test_tiktok_log_ins_are_remarked_and_not_written_into_the_claim() -> None:
    capture = captures({"captureType": "IP Address", "value": "192.0.2.1"})
    found = report("TikTok Inc.", reportedPeople=person(sourceInformation=capture))
    assert [note.code for note in found.notes] == ["captures-are-logins"]
    assert found.persons[0].claims[-1].event is None


def test_reddit_chats() -> None:
    found = report(
        "Reddit, Inc.",
        additionalInformations=texts("About"),
        incidentDetails={"webpageIncident": [{"additionalInformations": texts("a: hi")}]},
    )
    assert [passage.about for passage in found.passages] == ["incident", "chat"]


def test_yahoo_mails() -> None:
    header = "Sent Date: 2025-01-01T00:00:00Z\nFrom: Ann <ann@example.org>\nTo: bob@example.org, N/A\nX-Ymail-Msg-Id: m-1\n\nTo: nobody@example.org"
    found = report(
        "Yahoo! Inc",
        incidentDetails={"emailIncident": [{"contents": texts(header)}, {"contents": []}]},
        uploadedFiles=file(additionalInformations=texts("Message ID: m-1\nmore")),
    )
    assert mined(found) == [(Kind.EMAIL, "ann@example.org"), (Kind.EMAIL, "bob@example.org")]
    assert found.facts["email_1_message_id"] == found.attachments[0].fields["message_id"] == "m-1"
    assert [passage.about for passage in found.passages] == ["email"]


MEETME = """Some words first.
Registration details from Suspect's MeetMe profile
MeetMe Profile Name: Fict
MeetMe UserID: 700001
DOB: 1990-01-01
Age: 35
City: Example City
Email: fict@example.org
Date Joined meetme.com: 2019-07-14
Registration IP: 192.0.2.60
Phone number used to verify account: +32470000001
Recent GPS Data: 2023-05-06 Lat./Long.: 51.0, 3.7

2023-05-06 07:08:09 192.0.2.61 (Example Phone)
2022-05-06 07:08:09 2001:db8::61
2022-05-06 07:08:09 12:30
Complete private message correspondence
To: A From: B Sent: 2023-05-06 07:08:09 Subject: x Message: call 2023-05-06
"""


def test_meetme_reads_the_registration_and_the_log_ins_of_any_year() -> None:
    found = report("MeetMe, Inc.", additionalInformations=texts(MEETME))
    (subject,) = found.persons
    assert subject.role is Role.REPORTED
    assert mined(found) == [
        (Kind.USER_ID, "700001"),
        (Kind.EMAIL, "fict@example.org"),
        (Kind.IP, "192.0.2.60"),
        (Kind.PHONE, "+32470000001"),
        (Kind.IP, "192.0.2.61"),
        (Kind.IP, "2001:db8::61"),
    ]
    assert subject.fields["meetme_city"] == "Example City"
    assert subject.fields["meetme_gps"] == "2023-05-06 Lat./Long.: 51.0, 3.7"
    assert [passage.about for passage in subject.passages] == ["note", "chat"]
    (log_in,) = [claim for claim in subject.claims if claim.value == "192.0.2.61"]
    assert (log_in.event, log_in.at, log_in.facts) == ("Login", "2023-05-06 07:08:09", {"device": "Example Phone"})
    assert next(sighting.zone for sighting in facts(found).sightings if sighting.as_written == "192.0.2.61") == "unknown"


BLOCK = """Cashtag: ficttag and more words
The subject used $FictTag and $ficttag, paid $20 on 2025-01-01 to fict@example.org.
Phone: +1 202 555 0100
IP Address: 192.0.2.70
App version 4.3.2.1, order 202-555-0199, total $1,000.
Email: not stated
"""


def test_block_finds_what_is_labelled_and_invents_nothing() -> None:
    found = report("Block, Inc.", additionalInformations=texts(BLOCK), reportedPeople={"reportedPersons": None})
    assert sorted(mined(found)) == [
        (Kind.EMAIL, "fict@example.org"),
        (Kind.IP, "192.0.2.70"),
        (Kind.PAYMENT, "$FictTag"),
        (Kind.PHONE, "+1 202 555 0100"),
    ]


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("IP Address", "192.0.2.1", Kind.IP),
        ("Login IP", "192.0.2.1", Kind.IP),
        (None, "192.0.2.1", Kind.IP),
        (None, "something", Kind.OTHER),
        ("Zip Code", "9000", Kind.OTHER),
        ("Description", "x", Kind.OTHER),
        ("Profile URL", "https://example.org", Kind.URL),
        ("Device ID", "D-1", Kind.DEVICE),
        ("Cashtag", "$fict", Kind.PAYMENT),
        ("Payment Account", "FICT-1", Kind.PAYMENT),
        ("Payment Account IP", "192.0.2.1", Kind.IP),
        ("Date of payment", "2025-01-01", Kind.OTHER),
        ("Email Address", "a@example.org", Kind.EMAIL),
        ("Phone Number", "+32470000001", Kind.PHONE),
        ("Screen Name", "fict", Kind.SCREEN_NAME),
        ("ESP User ID", "7", Kind.USER_ID),
    ],
)
def test_capture_types(label: str | None, value: str, kind: Kind) -> None:
    found = report("Example", reportedPeople={"reportedPersons": [{"sourceInformation": captures({"captureType": label, "value": value})}]})
    (claim,) = found.persons[0].claims
    assert (claim.kind, claim.label) == (kind, label)


def test_verified_has_three_states_and_other_words_are_kept() -> None:
    emails = [
        {"value": f"{number}@example.org", "verified": said} for number, said in enumerate([True, False, None, "Yes", "N/A", "by post"])
    ]
    found = report("Example", reportedPeople={"reportedPersons": [{"emails": {"emails": emails}}]})
    claims: tuple[Claim, ...] = found.persons[0].claims
    assert [claim.verified for claim in claims] == [True, False, None, True, None, None]
    assert claims[-1].facts == {"verified": "by post"}


def test_lists_texts_and_addresses_of_a_person() -> None:
    addresses = {"addresses": [{"street1": "Way 1", "city": "Town", "country": "BE"}, {"city": "Elsewhere"}, "N/A", None]}
    found = report("Example", reportedPeople=person(languages=["nl", "fr", "N/A"], races="N/A", disabilities="stated", addresses=addresses))
    fields = dict(found.persons[0].fields)
    assert fields == {
        "languages": "nl; fr",
        "disabilities": "stated",
        "address_street": "Way 1",
        "address_city": "Town",
        "address_country": "BE",
        "address_2_city": "Elsewhere",
    }
