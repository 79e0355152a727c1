from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.intake import mails
from grace.intake.mails import is_mail, take_apart
from grace.intake.markup import text_of
from grace.intake.packages import Opened, open_package
from grace.intake.registry import read
from grace.sdk.intake import Report, Unreadable

REPORT = b'{"reportId": 210000981, "reportedInformation": {"reportingEsp": {"espName": "Example Provider"}}}'


def mail(text: str = "The bench by the lighthouse was painted.", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    said = {
        "From": "Desk <desk@hotline.example.org>",
        "To": "unit@example.org",
        "Subject": "A page",
        "Message-ID": "<1@hotline.example.org>",
    }
    for name, value in {
        **said,
        "Date": "Tue, 03 Nov 2026 09:15:00 +0100",
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }.items():
        made[name] = value
    made.set_content(text)
    return made


def attach(made: EmailMessage, name: str, content: bytes, kind: str = "application/octet-stream") -> EmailMessage:
    made.add_attachment(content, *kind.split("/"), filename=name)
    return made


def zipped(**contents: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name.replace("_json", ".json"), content)
    return stream.getvalue()


def opened(made: EmailMessage | bytes) -> Opened:
    return open_package(io.BytesIO(made if isinstance(made, bytes) else made.as_bytes()), name="in.eml")


def report(made: EmailMessage | bytes) -> Report:
    with opened(made) as package:
        (reading,) = read(package)
        return reading.report


def test_free_text_from_whoever_says_to_have_written_it() -> None:
    said = report(mail())
    assert (said.format, said.issuer, said.number, said.sender) == ("mail", "hotline.example.org", None, "hotline.example.org")
    assert [(each.text, each.about) for each in said.passages] == [("The bench by the lighthouse was painted.", "email")]
    assert said.received_at == "2026-11-03T09:15:00+01:00"
    assert said.facts["mail_message_id"] == "<1@hotline.example.org>"
    assert said.facts["mail_from"] == "Desk <desk@hotline.example.org>"
    assert [note.code for note in said.notes] == ["sender-unproven"]
    assert said.escalated is None


@pytest.mark.parametrize("name", ["", "not an address", "Desk <desk@>", "=?utf-8?b?////?="])
def test_a_sender_that_is_none(name: str) -> None:
    said = report(mail(From=name or "x").as_bytes().replace(b"From: x\r\n", b"From:\r\n"))
    assert said.sender == "unknown sender"


@pytest.mark.parametrize(("date", "told"), [("Tue, 03 Nov 2026 09:15:00 -0000", "2026-11-03T09:15:00"), ("some day", "some day")])
def test_a_date_without_zone_gets_none(date: str, told: str) -> None:
    assert report(mail().as_bytes().replace(b"Tue, 03 Nov 2026 09:15:00 +0100", date.encode())).received_at == told


def test_a_report_that_is_attached_is_read_by_its_own_format() -> None:
    made = attach(attach(mail(), "report.json", REPORT, "application/json"), "card.txt", b"Hello world", "text/plain")
    with opened(made) as package:
        assert list(package) == ["in.eml", "report.json", "card.txt"]
        (reading,) = read(package)
    said = reading.report
    assert (said.format, said.issuer, said.number, said.sender) == ("lea-json", "NCMEC", "210000981", "Example Provider")
    assert reading.documents == ("report.json", "in.eml")
    assert said.facts["mail_subject"] == "A page"
    assert "sender-unproven" in [note.code for note in said.notes]
    values = {leaf.value for leaf in said.leaves}
    assert {"210000981", "The bench by the lighthouse was painted.", "<1@hotline.example.org>", "card.txt"} <= values
    assert len({leaf.path for leaf in said.leaves}) == len(said.leaves)
    assert said.passages == ()


def test_a_zip_that_is_attached_is_opened() -> None:
    made = attach(mail(), "package.zip", zipped(report_json=REPORT, card=b"Hello world"), "application/zip")
    with opened(made) as package:
        assert list(package) == ["in.eml", "package.zip/report.json", "package.zip/card"]
        assert read(package)[0].report.number == "210000981"


def test_a_damaged_zip_is_a_file_with_a_note() -> None:
    made = attach(mail(), "package.zip", zipped(report_json=REPORT)[:-20], "application/zip")
    with opened(made) as package:
        assert list(package) == ["in.eml", "package.zip"]
        assert "attachment-unopened" in [note.code for note in package.notes]
        assert read(package)[0].report.format == "mail"


def test_a_mail_inside_a_mail_is_taken_apart_too() -> None:
    inner = attach(mail("The ferry was blue.", Subject="Inner"), "report.json", REPORT, "application/json")
    outer = mail("See below.", Subject="Outer")
    outer.add_attachment(inner)
    with opened(outer) as package:
        assert list(package) == ["in.eml", "report.json"]
        said = read(package)[0].report
    assert said.number == "210000981"
    assert said.facts["mail_subject"] == "Outer"
    assert {"Inner", "The ferry was blue.", "See below."} <= {leaf.value for leaf in said.leaves}


def test_html_alone_is_read_and_html_that_repeats_the_text_is_not_said_twice() -> None:
    only = EmailMessage(policy=SMTP)
    only["From"], only["Date"] = "desk@hotline.example.org", "Tue, 03 Nov 2026 09:15:00 +0100"
    only.set_content("<p>The <b>bench</b> at <a href='https://pages.example.net/1'>this page</a></p><p>was green.</p>", subtype="html")
    assert [each.text for each in report(only).passages] == ["The bench at this page <https://pages.example.net/1>\nwas green."]
    both = mail("The bench was green.")
    both.add_alternative("<p>The bench was <i>green</i>.</p>", subtype="html")
    assert [each.text for each in report(both).passages] == ["The bench was green."]
    other = mail("Your program shows no HTML.")
    other.add_alternative("<p>The account quiet_ferry shows the bench by the lighthouse.</p>", subtype="html")
    assert len(report(other).passages) == 2


TIP = """Dear colleagues, the report follows.

CyberTipline Report 4700002
Received by NCMEC on 02-12-2026 01:02:03 UTC
Section A: Reported Information
Submitter: Example Provider
Incident Type: Misleading Domain Name
Suspect
Name: Ada Sample
IP Address: 192.0.2.44 (Login)
02-11-2026 19:58:00 UTC
This concludes Section A
"""


@pytest.mark.parametrize("quoted", ["", "> ", ">> "])
def test_a_report_in_the_text_is_the_clearing_houses(quoted: str) -> None:
    said = report(mail("\n".join(quoted + line if line else line for line in TIP.split("\n"))))
    assert (said.issuer, said.number, said.sender) == ("NCMEC", "4700002", "Example Provider")
    assert said.persons[0].claims[0].value == "192.0.2.44"
    assert said.always_utc
    assert said.facts["mail_from"]
    assert [each.text.lstrip("> ") for each in said.passages] == ["Dear colleagues, the report follows."]


@pytest.mark.parametrize("end", ["This concludes", "02-11-2026", "Suspect"])
def test_a_report_that_is_cut_short_is_refused_and_not_read_in_part(end: str) -> None:
    with pytest.raises(Unreadable) as refused:
        report(mail(TIP[: TIP.index(end)]))
    assert refused.value.code == "truncated"


def test_the_whole_report_beside_a_cut_one_is_read() -> None:
    made = mail(TIP[: TIP.index("Suspect")])
    made.add_attachment(TIP, disposition="inline")
    assert [each.claims[0].value for each in report(made).persons] == ["192.0.2.44"]


def test_a_report_in_a_table_of_html() -> None:
    rows = "".join(
        f"<tr><td>{label}:</td><td>{value}</td></tr>" for label, value in (line.split(": ") for line in TIP.split("\n") if ": " in line)
    )
    made = EmailMessage(policy=SMTP)
    made["From"], made["Date"] = "desk@hotline.example.org", "Tue, 03 Nov 2026 09:15:00 +0100"
    made.set_content(f"<p>CyberTipline Report 4700002</p><table>{rows}</table>", subtype="html")
    said = report(made)
    assert (said.number, said.sender, said.incident_type) == ("4700002", "Example Provider", "Misleading Domain Name")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/x.txt", "x.txt"),
        ("C:\\temp\\x.txt", "x.txt"),
        ("a\u202egnp.exe", "a_gnp.exe"),
        ("..", "part-1.bin"),
        ("x" * 400 + ".png", "x" * 180 + ".png"),
    ],
)
def test_names_of_attachments_lead_nowhere(given_name: str, safe: str) -> None:
    made = attach(mail(), "placeholder", b"one")
    part = next(made.iter_attachments())
    part.replace_header("Content-Disposition", "attachment")
    part.set_param("filename", given_name, header="Content-Disposition")
    (attached,) = take_apart(made.as_bytes()).attached
    assert attached.name == safe


def test_attachments_of_one_name_are_all_kept() -> None:
    made = attach(attach(attach(mail(), "a.txt", b"one"), "a.txt", b"two"), "in.eml", b"three")
    with opened(made) as package:
        assert list(package) == ["in.eml", "a.txt", "a.txt (2)", "in.eml (2)"]


@pytest.mark.parametrize(
    "kind", ['multipart/encrypted; boundary="x"', 'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"']
)
def test_an_encrypted_mail_is_told_as_such(kind: str) -> None:
    raw = f"From: a@example.org\r\nDate: Tue, 03 Nov 2026 09:15:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\nAAAA\r\n"
    with opened(raw.encode()) as package, pytest.raises(Unreadable) as refused:
        read(package)
    assert refused.value.code == "encrypted"


def test_headers_in_any_charset() -> None:
    said = take_apart(b"From: a@example.org\r\nSubject: =?iso-8859-1?q?F=E4hre?= caf\xc3\xa9\r\nX: \xff\r\nDate: x\r\n\r\n\xff\xfe")
    assert said.header("subject") == ("mail.header[2]", "Fähre café")
    assert (
        take_apart(b"From: a@example.org\r\nContent-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 100_000).bodies[0].text
        == "a" * 100_000
    )


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (b"From: a@example.org\nDate: today\n\nx", True),
        (b"From a@example.org Tue Nov  3 2026\nFrom: a@example.org\nSubject: x\n\n", True),
        (b"Received: x\n\tby y\nReceived: z\nDate: today", True),
        (b"To: a\nSubject: b\n\n", False),
        (b"From: only\n\n", False),
        (b"title: x\nfrom: here\nto: there\nno header at all\n", False),
        (b'{"from": 1}', False),
        (b"<report>", False),
        (b"", False),
        (b"CyberTipline Report 1\nFrom: x\nDate: y\n", False),
    ],
)
def test_what_looks_like_a_mail(content: bytes, *, is_one: bool) -> None:
    assert is_mail(content) == is_one


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    deep: EmailMessage = mail("deep")
    for _ in range(mails.MOST_DEPTH):
        outer = mail("outer")
        outer.add_attachment(deep)
        deep = outer
    many = b"From: a@example.org\nDate: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (
        mails.MOST_PARTS + 1
    )
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number) for number in range(mails.MOST_BOUNDARIES + 1)
    )
    for content, code in (
        (deep.as_bytes(), "too-deep"),
        (many, "too-deep"),
        (b"From: a@example.org\nDate: x\n" + nested, "too-many-values"),
        (b"From: a@example.org\nDate: x\n\n" + b"--b\n" * (mails.MOST_MARKS + 1), "too-many-values"),
        (b"From: a@example.org\nDate: x\n\n" + b"a\n" * (mails.MOST_BREAKS + 1), "too-many-values"),
        (b"From: a@example.org\nDate: x\n" + b"a:b\n" * (mails.MOST_BREAKS + 1), "too-many-values"),
    ):
        with pytest.raises(Unreadable) as refused:
            take_apart(content)
        assert refused.value.code == code
    with pytest.raises(Unreadable) as refused:
        take_apart(b'From: a@example.org\nDate: x\nContent-Type: multipart/mixed; x="' + b";" * 1_000_000 + b"\n\n")
    assert refused.value.code == "too-large"
    monkeypatch.setattr(mails, "MOST_BYTES", 100)
    with pytest.raises(Unreadable) as refused:
        take_apart(bytes(101))
    assert refused.value.code == "too-large"


@pytest.mark.parametrize("body", ["x" * (mails.MOST_TEXT + 1), "\n" * (mails.MOST_LINES + 1)])
def test_a_text_that_is_too_long_is_a_file(body: str) -> None:
    with opened(b"From: a@example.org\nDate: x\n\n" + body.encode()) as package:
        assert list(package) == ["in.eml", "part-1.txt"]
        assert {"body-kept-as-file", "no-text"} <= {note.code for note in read(package)[0].report.notes}


def test_mails_in_a_zip_are_read_each_by_itself() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.eml", attach(mail("One."), "a.txt", b"x").as_bytes())
        archive.writestr("b.eml", mail("Two.").as_bytes())
    stream.seek(0)
    with open_package(stream) as package:
        readings = read(package)
    assert [each.documents for each in readings] == [("a.eml",), ("b.eml",)]
    assert [[note.code for note in each.report.notes] for each in readings] == [
        ["sender-unproven", "attachments-inside"],
        ["sender-unproven"],
    ]


def test_html_becomes_lines() -> None:
    assert text_of("<style>p {}</style><h1>A</h1>b<br>c<script>d()</script><table><tr><td>e</td><td>f</td></tr></table>") == "A\nb\nc\ne\tf"
    assert text_of("<p>kept<script>never ended") == "kept<script>never ended"
    assert text_of("a &amp; b &#x41;<!-- c --> 1 < 2 <!doctype html>") == "a & b A 1 < 2"
    assert text_of("<p>kept<!-- never ended") == "kept<!-- never ended"
    assert text_of("<a href='mailto:a@example.org'>a@example.org</a> <a href=\"https://pages.example.net/?a=1&amp;b=2\">x</a>") == (
        "a@example.org x <https://pages.example.net/?a=1&b=2>"
    )


@pytest.mark.parametrize(
    "piece", ["<!", "<a ", "<", "&", "<!--", "</a", '<a x="', "<a href=x>", "&#", "<?", "<![", "<script>", "<td>", "</a>", "\t", "<!-->"]
)
def test_no_html_takes_long(piece: str) -> None:
    """Half a million characters of what stops other parsers, within the time limit that every test has."""
    assert isinstance(text_of(piece * (500_000 // len(piece))), str)


_WORDS = st.sampled_from(
    [
        *(b"From: a@example.org", b"Date: x", b"Content-Type: multipart/mixed; boundary=b", b"--b", b"--b--", b"", b" folded"),
        *(b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64", b"=?utf-8?b?/w==?=", b"\xff\x00", b"begin 644 x"),
        *(b"Content-Disposition: attachment; filename*0*=x''%ff", b"Content-Type: text/html; charset=\xff", b"<p><a href=x>"),
        *(b"Content-Type: text/plain; charset=utf-16", b"Content-Transfer-Encoding: x-uuencode", b"CyberTipline Report 1", b"Section A: x"),
    ]
)


@given(st.lists(st.one_of(_WORDS, st.binary(max_size=40)), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_mail_is_read_or_refused(lines: list[bytes]) -> None:
    content = b"\n".join([b"From: a@example.org", b"Date: x", b"MIME-Version: 1.0", *lines])
    codes = []
    try:
        with opened(content) as package:
            assert read(package)
    except Unreadable as refused:
        codes.append(refused.code)
    assert "format-failed" not in codes
