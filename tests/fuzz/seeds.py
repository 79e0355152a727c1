"""Documents to begin with: our samples, the formats' own examples, and the invented world in every form. All of it is made up."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pyzipper
from pypdf import PdfReader, PdfWriter

from grace.sdk.intake import IntakeFormat
from grace.simulate import layout
from grace.simulate.forms import members
from grace.simulate.plan import Form
from grace.simulate.referral import Referral
from grace.simulate.world import zipped
from tests.fuzz.ground import KNOWN, UNKNOWN
from tests.support.locked import aes, zip_crypto
from tests.support.reporting import REPORT, details
from tests.support.snippets import snippets
from tests.support.truths import reports

DATA = Path(__file__).parents[1] / "data"
SAMPLES = 5
"""Reports of the invented world that are written in each form."""


@cache
def referrals() -> tuple[Referral, ...]:
    """A few reports of the invented world in which much is said."""
    return tuple(reports(5, 40))[:SAMPLES]


def examples(*formats: IntakeFormat) -> Iterator[bytes]:
    """What the formats give as examples; what has files beside it as a ZIP."""
    for each in formats:
        for example in each.examples():
            yield packaged(example)


def packaged(contents: Mapping[str, bytes]) -> bytes:
    """A document as it stands, several as a ZIP."""
    return next(iter(contents.values())) if len(contents) == 1 else zipped(contents)


def simulated(*forms: Form) -> Iterator[bytes]:
    """The reports of the invented world in these forms."""
    return (packaged(members(referral, form)) for referral in referrals() for form in forms)


def lea() -> Iterator[bytes]:
    """The samples of what agencies receive."""
    return (path.read_bytes() for path in sorted((DATA / "lea-json").glob("*.json")) if ".expected." not in path.name)


def xml() -> Iterator[bytes]:
    """The samples of what providers send, one by one."""
    folder = DATA / "cybertipline"
    for path in sorted({*folder.glob("*/report.xml"), *folder.glob("*/fileDetails_1.xml"), *folder.glob("invalid/*.xml")}):
        yield path.read_bytes()


def folders() -> Iterator[bytes]:
    """The samples of what providers send, each folder as a ZIP."""
    for folder in sorted({path.parent for path in (DATA / "cybertipline").glob("*/report.xml")}):
        yield zipped({path.name: path.read_bytes() for path in sorted(folder.iterdir())[:6]})


def prints() -> Iterator[bytes]:
    """The lines of reports as they are printed."""
    for referral in referrals():
        yield "\n".join(row if isinstance(row, str) else "    ".join(row) for row in layout.rows(referral)).encode()


def locked(some: Iterable[bytes]) -> Iterator[bytes]:
    """Packages that are locked, with a password that is listed or one that is not."""
    for place, content in enumerate(some):
        contents = {"report.json": content, "card.txt": b"Hello world"}
        yield aes(contents, KNOWN if place else UNKNOWN, pyzipper.ZIP_DEFLATED if place % 2 else pyzipper.ZIP_BZIP2)
        yield zip_crypto(contents, KNOWN)


def locked_pages(some: Iterable[bytes]) -> Iterator[bytes]:
    """PDFs that are locked."""
    for content, method in zip(some, ("RC4-128", "AES-256"), strict=False):
        writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(content))), io.BytesIO()
        writer.encrypt(KNOWN, algorithm=method)
        writer.write(out)
        yield out.getvalue()


def requests() -> Iterator[bytes]:
    """What a provider's program sends to the reporting server: the request's line and type, a blank line, the body."""
    xml_type = b"Content-Type: text/xml; charset=utf-8\n\n"
    yield b"POST: /ispws/submit\n" + xml_type + REPORT.encode()
    yield from (b"POST: /ispws/submit\n" + xml_type + content for content in xml() if len(content) < 9000)
    yield b"POST: /ispws/fileinfo\n" + xml_type + details(10000001, "12").encode()
    yield b"POST: /ispws/finish\nContent-Type: application/x-www-form-urlencoded\n\nid=10000001"
    form = (
        b'--edge\r\nContent-Disposition: form-data; name="id"\r\n\r\n10000001\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nHello world\r\n--edge--\r\n'
    )
    for path in (b"upload", b"finish"):
        yield b"POST: /ispws/" + path + b"\nContent-Type: multipart/form-data; boundary=edge\n\n" + form


def typed() -> Iterator[bytes]:
    """What is typed into the form of a notice, as JSON."""
    told = {
        "urls": "https://files.example.net/a/1\nhttps://files.example.net/a/2",
        "content_text": "The bench by the lighthouse.",
        "digests": "d41d8cd98f00b204e9800998ecf8427e",
        "published_at": "2026-11-01T21:10",
        "time_zone": "Europe/Amsterdam",
        "suspicion": "An invented explanation.",
        "user_ids": "u-1",
        "screen_names": "quiet_ferry",
        "emails": "ada.sample@post.example.net",
        "phones": "+33639980999",
        "ips": "192.0.2.7 2026-11-01T20:10:09Z 51600",
        "first_name": "Ada",
        "date_of_birth": "1985-04-30",
        "address_country": "NL",
        "states_victim": "NL, DE",
        "contact": "desk@hosting.example.net",
        "established_in": "IE",
        "reference": "N-17",
    }
    yield json.dumps(told).encode()
    yield json.dumps({"suspicion": "An invented explanation.", "urls": "https://files.example.net/a/1"}).encode()


def texts() -> Iterator[bytes]:
    """Free texts with identifiers in them; the held-out set is left alone."""
    return (snippet.text.encode() for snippet in snippets("first")[::4])
