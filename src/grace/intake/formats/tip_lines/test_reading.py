from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.intake.formats.tip_lines.items import Line
from grace.intake.formats.tip_lines.reading import MOST_LINES, is_report, read_lines
from grace.intake.formats.tip_lines.vocabulary import LABELS, PERSONS
from grace.intake.normalise import facts
from grace.sdk.intake import Attachment, Kind, Person, Report, Role, Unreadable

HEAD = """CyberTipline Report 4700002
Priority Level: E
Received by NCMEC on 02-12-2026 01:02:03 UTC
Date PDF Generated: 02-12-2026 02:00:00 UTC
Executive Summary
Incident Type: Apparent Misleading Domain Name
Total Uploaded Files: 0
Section A: Reported Information
Submitter: Example Provider
Incident Type: Misleading Domain Name
"""


def lines_of(text: str) -> list[Line]:
    """The lines of one page, or of several with form feeds between."""
    found = []
    for number, page in enumerate(text.split("\f"), 1):
        lines = [line for line in page.split("\n") if line.strip()]
        for place, line in enumerate(lines, 1):
            edge = place in {1, len(lines)} and (number, place) != (1, 1)
            found.append(Line(f"page[{number}].line[{place}]", line, edge))
    return found


def read(text: str, head: str = HEAD) -> Report:
    return read_lines("test", lines_of(head + text))


def person(text: str) -> Person:
    (found,) = read(f"Suspect\n{text}").persons
    return found


def file(text: str) -> Attachment:
    (found,) = read(f"Uploaded File Information\n{text}").attachments
    return found


def codes(report: Report) -> list[str]:
    return [note.code for note in report.notes]


def unknown(report: Report) -> list[str]:
    return [leaf.value for leaf in report.leaves if not leaf.known]


def test_the_head_is_the_clearing_houses_and_section_a_the_providers() -> None:
    report = read("")
    assert (report.issuer, report.number, report.sender) == ("NCMEC", "4700002", "Example Provider")
    assert report.incident_type == "Misleading Domain Name"
    assert report.facts["ncmec_incident_type"] == "Apparent Misleading Domain Name"
    assert report.facts["priority_level"] == "E"
    assert report.escalated is None
    assert facts(report).received is not None
    assert unknown(report) == []


def test_dates_are_in_american_order_and_always_utc() -> None:
    report = read("Incident Time: 02-03-2026 04:05:06\nSuspect\nDate of Birth: 05-17-1991")
    said = facts(report)
    assert said.incident is not None
    assert said.incident.at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert report.persons[0].fields["date_of_birth"] == "1991-05-17"


@pytest.mark.parametrize(
    ("block", "name", "merged"),
    [
        ("Submitter: Example Provider BV", "Example Provider BV", False),
        ("Submitter:\nExample Provider BV\nHarbour Street 1", "Example Provider BV", False),
        (
            "Submitter: Point of Contact for Law Enforcement:\nExample Provider BV Email: desk@chat.example.com",
            "Example Provider BV",
            False,
        ),
        ("Submitter:      Point of Contact for Law Enforcement:\nExample Provider BV      Legal Desk", "Example Provider BV", False),
        (
            "Submitter:      Point of Contact for Law Enforcement:\nExample Provider BV\nHarbour Street 1      Legal Desk",
            "Example Provider BV",
            False,
        ),
        (
            "Submitter:\nPoint of Contact for Law Enforcement:\nExample Provider BV\nEmail: desk@chat.example.com",
            "Example Provider BV",
            True,
        ),
        ("Submitter: Point of Contact for Law Enforcement:\nExample Provider BV Legal Desk", "Example Provider BV Legal Desk", True),
    ],
)
def test_the_submitters_two_columns(block: str, name: str, *, merged: bool) -> None:
    report = read(f"{block}\nIncident Type: Misleading Domain Name", HEAD.partition("Submitter")[0])
    assert report.sender == name
    assert ("columns-merged" in codes(report)) == merged
    assert report.incident_type == "Misleading Domain Name"
    assert not report.persons
    assert not report.claims


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Suspect", Role.REPORTED),
        ("Suspect 1", Role.REPORTED),
        ("SUSPECT INFORMATION", Role.REPORTED),
        ("Recipient 2", Role.RECIPIENT),
        ("Intended Recipient", Role.RECIPIENT),
        ("Victim", Role.VICTIM),
        ("Child Victim 1", Role.VICTIM),
        ("Associated Account", Role.ASSOCIATED),
    ],
)
def test_the_parts_of_persons(heading: str, role: Role) -> None:
    report = read(f"{heading}\nName: Ada Sample")
    assert [(each.role, each.fields) for each in report.persons] == [(role, {"first_name": "Ada", "last_name": "Sample"})]


def test_several_persons_keep_what_is_theirs() -> None:
    text = "Suspect 1\nEmail Address: a@example.org\nRecipient 1\nEmail Address: b@example.org\nSuspect 2\nName: Ada\nSuspect 1 (continued)\nScreen Name: ferry"
    report = read(text)
    assert [(each.role.value, [claim.value for claim in each.claims]) for each in report.persons] == [
        ("reported", ["a@example.org", "ferry"]),
        ("recipient", ["b@example.org"]),
        ("reported", []),
    ]


def test_a_name_of_more_than_two_words_is_not_parted() -> None:
    assert person("Name: Ada van der Sample").fields == {"name": "Ada van der Sample"}


@pytest.mark.parametrize(
    ("written", "verified", "at"),
    [
        ("+33639980023", None, None),
        ("+33639980023 (Verified)", True, None),
        ("+33639980023 (Verified 11-02-2025 10:00:00 UTC)", True, "11-02-2025 10:00:00 UTC"),
        ("+33639980023 (Not Verified)", False, None),
        ("+33639980023 (Unverified)", False, None),
    ],
)
def test_what_is_verified(written: str, at: str | None, *, verified: bool | None) -> None:
    (claim,) = person(f"Mobile Phone: {written}").claims
    assert (claim.kind, claim.value, claim.verified, claim.facts.get("verification_date")) == (Kind.PHONE, "+33639980023", verified, at)


@pytest.mark.parametrize(
    "written",
    [
        "IP Address: 192.0.2.44 (Login)\nPort: 51322\n02-11-2026 19:58:00 UTC",
        "IP Address: 192.0.2.44 (Login)\n02-11-2026 19:58:00 UTC\nPort: 51322",
        "IP Address: 192.0.2.44 (Login) 02-11-2026 19:58:00 UTC\nPort: 51322",
        "IP Address: 192.0.2.44 (Login) Port: 51322 02-11-2026 19:58:00 UTC",
        "IP Address: 192.0.2.44 (Login)\n02-11-2026 19:58:00 UTC Port: 51322",
        "IP Address:\n192.0.2.44 (Login)\nPort: 51322\nDate/Time: 02-11-2026 19:58:00 UTC",
        "192.0.2.44 (Login)\nPort: 51322\nIP Address: 02-11-2026 19:58:00 UTC",
    ],
)
def test_an_address_with_port_and_moment_wherever_they_stand(written: str) -> None:
    report = read(f"Suspect\n{written}\nName: Ada Sample")
    (sighting,) = facts(report).sightings
    assert (sighting.kind, sighting.value, sighting.event, sighting.port, sighting.weak) == (Kind.IP, "192.0.2.44", "Login", 51322, False)
    assert sighting.at == datetime(2026, 2, 11, 19, 58, tzinfo=UTC)
    assert unknown(report) == []


@pytest.mark.parametrize(
    "written",
    ["2001:0db8:0040:0001:0000:0000:0000:001f", "2001:db8:40:1::1f", "2001:0db8:0040:0001:\n0000:0000:0000:001f", "2001:DB8:40:1:0:0:0:1F"],
)
def test_every_spelling_of_an_ipv6_address_is_one(written: str) -> None:
    report = read(f"Suspect\nIP Address: {written} (Upload)\n02-11-2026 20:12:41 UTC")
    (sighting,) = facts(report).sightings
    assert (sighting.value, sighting.event, sighting.normalised) == ("2001:db8:40:1::1f", "Upload", True)


def test_a_second_moment_belongs_to_nobody() -> None:
    report = read("Suspect\nIP Address: 192.0.2.44 (Login)\n02-11-2026 19:58:00 UTC\nName: Ada Sample\n02-11-2026 19:59:00 UTC")
    (claim,) = report.persons[0].claims
    assert claim.at == "02-11-2026 19:58:00 UTC"


def test_accounts_stand_at_the_provider_or_at_the_service_that_is_named() -> None:
    assert {claim.service for claim in person("Screen/User Name: ferry\nESP User ID: u-1").claims} == {"Example Provider"}
    assert {claim.service for claim in person("ESP User ID: u-1\nESP Service: Example Chat").claims} == {"Example Chat"}


def test_earlier_reports() -> None:
    assert read("Suspect\nName: Ada Sample\nPrior CT Reports: 4600001, 4600777,\nESP User ID: u-1").prior_numbers == ("4600001", "4600777")


def test_pages_and_free_text_of_an_incident() -> None:
    report = read(
        "Webpage/URL\nURL: https://pages.example.net/lighthouse\nAdditional Information:\nThe bench was painted.\nTwice: in green.\nSuspect\nName: Ada Sample"
    )
    assert [(claim.kind, claim.value, claim.label) for claim in report.claims] == [
        (Kind.URL, "https://pages.example.net/lighthouse", "URL")
    ]
    assert [(each.text, each.about) for each in report.passages] == [("The bench was painted.\nTwice: in green.", "webpage")]


def test_free_text_of_a_person() -> None:
    found = person("Name: Ada Sample\nAdditional Information: Likes ferries\nand lighthouses.")
    assert [(each.text, each.about) for each in found.passages] == [("Likes ferries\nand lighthouses.", "note")]


@pytest.mark.parametrize(
    ("written", "name", "guessed"),
    [
        ("a_long_name_that_wraps_on_\nto_a_second_line.jpg", "a_long_name_that_wraps_on_to_a_second_line.jpg", False),
        ("a_name_of_\nthree_\nlines.png", "a_name_of_three_lines.png", False),
        ("the bench by the\nlighthouse.jpg", "the bench by the lighthouse.jpg", True),
        ("bench.jpg\nThis line is no part of it", "bench.jpg", False),
        ("no_ending", "no_ending", False),
    ],
)
def test_names_that_wrap(written: str, name: str, *, guessed: bool) -> None:
    report = read(f"Filename: {written}\nMD5: 66faaeb63341e45073d396e468bc4ce2")
    assert [each.name for each in report.attachments] == [name]
    assert report.attachments[0].digests == {"md5": "66faaeb63341e45073d396e468bc4ce2"}
    assert ("name-guessed" in codes(report)) == guessed


@pytest.mark.parametrize(
    ("answer", "viewed"), [("Yes", True), ("No", False), ("(Information Not Provided by Company)", None), ("", None), ("yes.", True)]
)
@pytest.mark.parametrize(
    "broken", ["Did Reporting ESP view entire contents of uploaded file? ", "Did Reporting ESP view entire contents of\nuploaded file?\n"]
)
def test_the_questions_have_three_answers(broken: str, answer: str, *, viewed: bool | None) -> None:
    found = file(
        f"Filename: a.jpg\n{broken}{answer}\nWere entire contents of uploaded file publicly available? No\nImage Categorization by ESP: B2"
    )
    assert (found.viewed, found.publicly_available, found.classification) == (viewed, False, "B2")


def test_a_file_tells_where_it_came_from() -> None:
    found = file(
        "Filename: a.jpg\nSubmittal ID: f-9\nFile Relevance: Reported\nIP Address: 198.51.100.7 (Upload)\n02-11-2026 20:12:41 UTC\nTags: one, two"
    )
    assert (found.sender_file_id, found.relevance, found.uploaded_at, found.tags) == (
        "f-9",
        "Reported",
        "02-11-2026 20:12:41 UTC",
        ("one", "two"),
    )
    assert found.claims[0].event == "Upload"


def test_a_count_of_files_that_differs_is_noted() -> None:
    assert "files-differ" in codes(read("Number of uploaded files: 3\nFilename: a.jpg"))
    assert "files-differ" not in codes(read("Number of uploaded files: 1\nFilename: a.jpg"))


def test_what_the_clearing_house_adds_is_no_claim_of_the_provider() -> None:
    added = """Suspect 1
Email Address: a@example.org
This concludes Section A
Section B: Automated Information Added by NCMEC Systems
IP Geo-Lookup (Suspect 1)
IP Address: 203.0.113.9
Suspect 1
Email Address: other@example.org
Section C: Additional Information Provided by NCMEC
Incident Type: Auto-referred International
Filename: added.jpg
Section D: Law Enforcement Contact Information
Email Address: officer@example.org
"""
    report = read(added)
    assert [claim.value for each in report.persons for claim in each.claims] == ["a@example.org"]
    assert not report.claims
    assert not report.attachments
    assert report.incident_type == "Misleading Domain Name"
    assert "203.0.113.9" in report.facts["ncmec_automated"]
    assert "Auto-referred International" in report.facts["ncmec_additional"]
    assert "officer@example.org" in report.facts["ncmec_law_enforcement_contact"]
    assert "added-by-ncmec" in codes(report)
    assert not any("203.0.113.9" in each.text for each in report.passages)


def test_free_text_that_looks_like_a_section_ends_nothing() -> None:
    text = "Additional Information:\nSection B: is what he wrote\nSuspect\nEmail Address: a@example.org\nThis concludes Section A\nSection B: Automated"
    assert [claim.value for each in read(text).persons for claim in each.claims] == ["a@example.org"]


def test_a_table_of_contents_is_none_of_the_sections() -> None:
    contents = "CyberTipline Report 4700002\nContents\nSection A: Reported Information .... 1\nSuspect\nSection B: Automated .... 2\nSection C: Additional .... 3\n"
    report = read(
        "Suspect\nEmail Address: a@example.org\nThis concludes Section A\nSection B: Automated\nOne line",
        contents + HEAD.partition("\n")[2],
    )
    assert [len(each.claims) for each in report.persons] == [1]
    assert report.facts["ncmec_automated"] == "One line"
    assert report.facts["priority_level"] == "E"


def test_what_pages_repeat_interrupts_no_value() -> None:
    text = "Suspect\nIP Address: 192.0.2.44 (Login)\n2 of 3\fCyberTipline Report 4700002 | 3\nPort: 51322\nFilename: a_long_\nPage 3\fCyberTipline Report 4700002\nname.jpg"
    report = read(text)
    assert report.persons[0].claims[0].port == "51322"
    assert [each.name for each in report.attachments] == ["a_long_name.jpg"]
    assert unknown(report) == []


def test_unknown_labels_are_kept_and_shown_as_unknown() -> None:
    report = read("Suspect\nName: Ada Sample\nFavourite Ferry: the blue one")
    assert unknown(report) == ["Favourite Ferry: the blue one"]


def test_two_columns_of_labels() -> None:
    found = person("Name: Ada Sample      Email Address: a@example.org      Approximate Age: 34")
    assert found.fields == {"first_name": "Ada", "last_name": "Sample", "age": "34"}
    assert [claim.value for claim in found.claims] == ["a@example.org"]


def test_without_headings_of_sections_all_of_it_is_the_providers() -> None:
    report = read("Suspect\nName: Ada Sample", HEAD.replace("Section A: Reported Information\n", ""))
    assert (report.number, report.sender, report.received_at) == ("4700002", "Example Provider", "02-12-2026 01:02:03 UTC")
    assert report.persons[0].fields["first_name"] == "Ada"


@pytest.mark.parametrize("text", ["", "Dear colleague,\nplease see CyberTipline Report 4700002.", "CyberTipline Report 4700002\nRegards"])
def test_prose_is_no_report(text: str) -> None:
    assert not is_report(lines_of(text))


def test_a_text_without_a_number_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        read("", "Section A: Reported Information\nSubmitter: Example\n")
    assert refused.value.code == "no-report"


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        read_lines("test", [Line("x", "x")] * (MOST_LINES + 1))
    assert refused.value.code == "too-many-values"


@pytest.mark.parametrize(
    "line",
    [
        "Submitter: " + "email address " * 20_000 + "!",
        "Submitter:\n" + "email  address  " * 20_000 + "!",
        "a" + " " * 500_000 + "b",
        "Name: " + "(" * 300_000,
        "Name:" + " " * 500_000 + "x",
        "Suspect" + " " * 500_000 + "1 x",
        "IP Address: " + "0:" * 200_000,
        "Mobile Phone: " + "( verified" * 50_000,
        "\n".join(["Section A: x", "Section B: y", "Name: z"] * 20_000),
        "\n".join(["Filename: a_", "b_"] * 20_000),
        "Additional Information:\n" + "x\n" * 60_000,
    ],
)
def test_no_line_takes_long(line: str) -> None:
    """Each within the time limit that every test has, and far below."""
    assert read(line).number == "4700002"


_PIECES = st.sampled_from(
    [
        *(f"{label}:" for label in LABELS),
        *PERSONS,
        "Suspect 1",
        "Section A: x",
        "Section B: y",
        "This concludes Section A",
        "|",
        "02-11-2026 19:58:00 UTC",
    ]
)
_LINES = st.lists(st.one_of(_PIECES, st.tuples(_PIECES, st.text(max_size=30)).map(" ".join), st.text(max_size=60)), max_size=40)


@given(lines=_LINES, edges=st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_and_no_line_is_lost(lines: list[str], *, edges: bool) -> None:
    given_lines = [Line(f"line[{place}]", line, edges) for place, line in enumerate(["CyberTipline Report 1", *lines], 1)]
    try:
        report = read_lines("test", given_lines)
    except Unreadable:
        return
    assert [leaf.value for leaf in report.leaves] == [line.text.strip() for line in given_lines if line.text.strip()]
    assert facts(report)
