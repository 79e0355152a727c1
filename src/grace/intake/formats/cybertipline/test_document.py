import io
from collections.abc import Callable

import pytest

from grace.intake.formats import room
from grace.intake.formats.cybertipline import FORMAT
from grace.intake.formats.cybertipline import document as limits
from grace.intake.formats.cybertipline.document import has_doctype, parse
from grace.sdk.intake import Kind, Report, Role, Unreadable
from grace.sdk.testing import package

SUMMARY = "<incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>2026-03-01T08:00:00Z</incidentDateTime></incidentSummary>"
REPORTER = "<reporter><reportingPerson><email>a@example.com</email></reportingPerson></reporter>"


def report(inside: str = "", *, start: str = "<report>", end: str = "</report>") -> Report:
    raw = f"{start}{SUMMARY}{REPORTER}{inside}{end}".encode()
    return FORMAT.read(package({"report.xml": raw}))[0].report


def details(inside: str) -> Report:
    raw = f"<fileDetails><reportId>1</reportId><fileId>2</fileId>{inside}</fileDetails>".encode()
    return FORMAT.read(package({"file.xml": raw}))[0].report


def codes(found: Report) -> set[str]:
    return {note.code for note in found.notes}


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        parse(io.BytesIO(content))
    return refused.value.code


DTD = '<?xml version="1.0"?><!-- <report> --><?x y?>\n<!DOCTYPE report [<!ENTITY x SYSTEM "file:///etc/hostname">]><report>&x;</report>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (DTD.encode(), "dtd"),
        (DTD.encode("utf-16"), "dtd"),
        (DTD.encode("utf-16-le"), "dtd"),
        (b"\xef\xbb\xbf" + DTD.encode(), "dtd"),
        (b"<!doctype report><report/>", "dtd"),
        (b"<report>", "truncated"),
        (b"<report><a", "truncated"),
        (b"<report></a></report>", "malformed"),
        (b"<report>&nothing;</report>", "malformed"),
        (b"<report>\xff</report>", "malformed"),
        (b"<report>\x00</report>", "malformed"),
        (b"<report>" + b"<a>" * 300 + b"</a>" * 300 + b"</report>", "malformed"),
    ],
)
def test_what_is_no_document_is_refused_with_a_stable_code(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_a_doctype_in_text_is_text() -> None:
    assert not has_doctype(b"<report><![CDATA[<!DOCTYPE html>]]></report>")
    found = report("<additionalInfo><![CDATA[<!DOCTYPE html>]]></additionalInfo>")
    assert [passage.text for passage in found.passages] == ["<!DOCTYPE html>"]


def test_reasons_hold_nothing_that_the_document_says() -> None:
    with pytest.raises(Unreadable) as refused:
        parse(io.BytesIO(b"<report><secret></report>"))
    assert "secret" not in refused.value.message


def test_sizes_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = "<x>" * limits.MAX_DEPTH + "</x>" * limits.MAX_DEPTH
    with pytest.raises(Unreadable) as refused:
        report(deep)
    assert refused.value.code == "too-deep"
    monkeypatch.setattr(limits, "MAX_MARKS", 20)
    assert refusal(b"<report>" + b"<x/>" * 21 + b"</report>") == "too-many-values"
    monkeypatch.setattr(room, "MAX_VALUES", 5)
    with pytest.raises(Unreadable) as refused:
        report("<x/>" * 9)
    assert refused.value.code == "too-many-values"
    monkeypatch.setattr(room, "MAX_BYTES", 5)
    assert refusal(b"<report/>") == "too-large"


@pytest.mark.parametrize(
    "inside",
    [
        f"<{'a' * 1_001}/>",
        f'<a {"b" * 1_001}="c"/>',
        f'<a xmlns:b="urn:{"b" * 1_000}"><b:c/></a>',
        f'<a xmlns:b="urn:{"b" * 1_000}"><d b:c="e"/></a>',
    ],
)
def test_names_that_would_make_paths_endless_are_refused(inside: str) -> None:
    with pytest.raises(Unreadable) as refused:
        report(inside)
    assert refused.value.code == "too-large"


def test_long_names_around_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_CHARACTERS", 100_000)
    name = "a" * 900
    with pytest.raises(Unreadable) as refused:
        report(f"<{name}>{'<b>c</b>' * 200}</{name}>")
    assert refused.value.code == "too-many-values"


def attributes(count: int) -> str:
    return " ".join(f'b{number}="c"' for number in range(count))


def test_attributes_of_one_element_have_a_limit() -> None:
    """Forty thousand of them took fourteen seconds."""
    assert report(f"<a {attributes(limits.MAX_ATTRIBUTES)}/>").leaves
    with pytest.raises(Unreadable) as refused:
        report(f"<a {attributes(limits.MAX_ATTRIBUTES + 1)}/>")
    assert refused.value.code == "too-many-values"


@pytest.mark.parametrize("encoding", ["UTF-7", "IBM037", "utf-32", ""])
def test_encodings_that_hide_elements_are_refused(encoding: str) -> None:
    """They would pass the bound on elements, which counts less-than signs before memory is spent."""
    assert refusal(f"<?xml version='1.0' encoding='{encoding}'?><report/>".encode()) == "malformed"


def test_many_children_of_one_name_stay_fast() -> None:
    event = "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>"
    found = report(f"<personOrUserReported>{event * 20_000}</personOrUserReported>")
    assert len(found.persons[0].claims) == 20_000


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_encodings(encoding: str) -> None:
    raw = f'<?xml version="1.0" encoding="{encoding}"?><report>{SUMMARY}{REPORTER}<additionalInfo>ä</additionalInfo></report>'.encode(
        encoding
    )
    (reading,) = FORMAT.read(package({"report.xml": raw}))
    assert [passage.text for passage in reading.report.passages] == ["ä"]


def test_a_document_in_a_namespace_of_its_own_is_read() -> None:
    found = report("<victim><victimPerson><age>14</age></victimPerson></victim>", start='<report xmlns="https://example.org/x">')
    assert found.incident_type == "Misleading Domain Name"
    assert {leaf.path for leaf in found.leaves if leaf.value == "14"} == {"/report/victim/victimPerson/age"}


def test_foreign_elements_comments_and_loose_text_are_kept() -> None:
    found = report('<x:y xmlns:x="urn:x" a="1">z</x:y><!-- said aside --><?do it?>loose')
    unknown = {leaf.path: leaf.value for leaf in found.leaves if not leaf.known}
    assert unknown == {
        "/report/{urn:x}y": "z",
        "/report/{urn:x}y/@a": "1",
        "/report/comment()": " said aside ",
        "/report/processing-instruction()": "it",
        "/report/processing-instruction()/following-sibling::text()": "loose",
    }
    assert codes(found) == {"unknown-element"}


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<additionalInfo/><victim><victimPerson/></victim>", "wrong-order"),
        ("<additionalInfo/><additionalInfo/>", "repeated-element"),
        ("<victim/>", "missing-element"),
        ('<additionalInfo lang="en"/>', "unknown-attribute"),
        ("<personOrUserReported><newer/></personOrUserReported>", "unknown-element"),
        (
            "<personOrUserReported><ipCaptureEvent><ipAddress>x</ipAddress><eventName>Sale</eventName></ipCaptureEvent></personOrUserReported>",
            "unlisted-value",
        ),
        (
            "<personOrUserReported><deviceId><idType>a</idType><idValue>b</idValue><dateTime>soon</dateTime></deviceId></personOrUserReported>",
            "bad-time",
        ),
        ('<personOrUserReported><associatedAccount accountType="Linked"/></personOrUserReported>', "unknown-attribute"),
    ],
)
def test_deviations_are_noted_and_read(inside: str, code: str) -> None:
    assert codes(report(inside)) == {code}


@pytest.mark.parametrize(
    ("written", "raised"),
    [
        ("<viral/>", True),
        ("<viral>true</viral>", True),
        ("<viral> 1 </viral>", True),
        ("<viral>false</viral>", False),
        ("<viral>0</viral>", False),
    ],
)
def test_flags_are_raised_by_being_there(written: str, raised: bool) -> None:
    found = details(f"<fileAnnotations>{written}</fileAnnotations>")
    assert found.attachments[0].tags == (("viral",) if raised else ())
    assert ("flag-false" in codes(found)) is not raised


def test_the_older_schema_says_meme_in_an_element_of_its_own() -> None:
    assert details("<potentialMeme>true</potentialMeme>").attachments[0].tags == ("potentialMeme",)
    assert details("<potentialMeme>false</potentialMeme>").attachments[0].tags == ()


def test_an_escalation_without_words_is_an_escalation() -> None:
    with_it = SUMMARY.replace("<incidentDateTime>", "<escalateToHighPriority/><incidentDateTime>")
    raw = f"<report>{with_it}{REPORTER}</report>".encode()
    assert FORMAT.read(package({"report.xml": raw}))[0].report.escalated == ""
    assert report().escalated is None


def test_digests_of_a_file_by_algorithm() -> None:
    pair = "<nameValuePair><name>{}</name><value>{}</value></nameValuePair>".format
    found = details(
        '<originalFileHash hashType="SHA-1">aa</originalFileHash><originalFileHash hashType="sha1">bb</originalFileHash>'
        f'<originalFileHash hashType="own">cc</originalFileHash><details type="HASH">{pair("PDQ", "dd")}{pair("other", "ee")}</details>'
    )
    assert found.attachments[0].digests == {"sha1": "aa", "sha1 (2)": "bb", "own": "cc", "pdq": "dd"}
    assert found.attachments[0].fields["hash_other"] == "ee"


PERSON = "<firstName>A</firstName><phone verified='true' countryCallingCode='+44' type='Home'>020 7946 0018</phone><email verified='0'>a@example.org</email><age>9</age>"


def kinds(found: Report, index: int) -> list[Kind]:
    return [claim.kind for claim in found.persons[index].claims]


def test_a_victim_with_an_associated_account() -> None:
    found = report(
        f"<victim><victimPerson>{PERSON}</victimPerson><espIdentifier>v-1</espIdentifier><espService>Svc</espService>"
        "<associatedAccount type='Parent/Guardian'><platform thirdPartyUser='true'>Other</platform><espIdentifier>p-1</espIdentifier>"
        "<priorCTReport>77</priorCTReport></associatedAccount></victim>"
    )
    victim, guardian, _ = found.persons
    assert (victim.role, guardian.role) == (Role.VICTIM, Role.ASSOCIATED)
    assert victim.fields == {"first_name": "A", "age": "9", "service": "Svc"}
    assert guardian.fields == {
        "associated_account_type": "Parent/Guardian",
        "platform": "Other",
        "platform_third_party_user": "true",
        "prior_ct_report": "77",
    }
    assert [claim.verified for claim in victim.claims] == [True, False, None]
    assert victim.claims[0].facts == {"country_calling_code": "+44", "type": "Home"}
    assert (guardian.claims[0].value, guardian.claims[0].service) == ("p-1", "Other")
    assert found.prior_numbers == ("77",)


def test_account_states_and_location_are_fields() -> None:
    found = report(
        "<personOrUserReported><accountTemporarilyDisabled disabledDate='2026-01-01T00:00:00Z'>true</accountTemporarilyDisabled>"
        "<estimatedLocation verified='false'><city>Town</city><countryCode>BE</countryCode></estimatedLocation></personOrUserReported>"
    )
    assert found.persons[0].fields == {
        "account_temporarily_disabled": "true",
        "account_temporarily_disabled_disabled_date": "2026-01-01T00:00:00Z",
        "estimated_location_verified": "false",
        "estimated_location_city": "Town",
        "estimated_location_country_code": "BE",
    }


INCIDENTS: list[tuple[str, Callable[[Report], object], object]] = [
    (
        "<webPageIncident thirdPartyHostedContent='true'><url>https://example.org</url></webPageIncident>",
        lambda r: r.facts["web_page_incident_third_party_hosted_content"],
        "true",
    ),
    ("<webPageIncident><url>https://example.org</url></webPageIncident>", lambda r: r.claims[0].kind, Kind.URL),
    (
        "<emailIncident><emailAddress>a@example.org</emailAddress><content>Hi</content></emailIncident>",
        lambda r: (r.claims[0].kind, r.passages[0].about),
        (Kind.EMAIL, "email"),
    ),
    (
        "<chatImIncident><chatClient>C</chatClient><content>Hi</content></chatImIncident>",
        lambda r: (r.facts["chat_im_incident_chat_client"], r.passages[0].about),
        ("C", "chat"),
    ),
    (
        "<cellPhoneIncident><phoneNumber>+32470000001</phoneNumber><latitude>51.0</latitude></cellPhoneIncident>",
        lambda r: (r.claims[0].kind, r.facts["cell_phone_incident_latitude"]),
        (Kind.PHONE, "51.0"),
    ),
    (
        "<nonInternetIncident><incidentAddress type='Home'><city>Town</city></incidentAddress></nonInternetIncident>",
        lambda r: r.facts["non_internet_incident_incident_address_city"],
        "Town",
    ),
    (
        "<peer2peerIncident><ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent></peer2peerIncident>",
        lambda r: r.claims[0].kind,
        Kind.IP,
    ),
    ("<newerIncident><thing>x</thing></newerIncident>", lambda r: r.facts["newer_incident_thing"], "x"),
]


@pytest.mark.parametrize(("incident", "view", "expected"), INCIDENTS)
def test_kinds_of_incident(incident: str, view: Callable[[Report], object], expected: object) -> None:
    raw = f"<report>{SUMMARY}<internetDetails>{incident}</internetDetails>{REPORTER}</report>".encode()
    assert view(FORMAT.read(package({"report.xml": raw}))[0].report) == expected
