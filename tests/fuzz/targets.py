"""The ways in, one target for each family of formats: how bytes are fed to it, changed, and handed in as a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zlib import crc32

from grace.evidence.decoding import here
from grace.intake.formats import cybertipline, dsa_notice, grace_json, handover, lea_json, mail, ncmec_pdf, xarf
from grace.intake.understand import Told
from grace.sdk.intake import IntakeFormat
from grace.simulate import pdf
from grace.simulate.plan import Form
from grace.simulate.world import zipped
from tests.fuzz import decoders, doors, seeds, words
from tests.fuzz.mutators import json_tree, kinds, letter, lines, pages, xml_tree
from tests.fuzz.mutators.hand import Hand
from tests.fuzz.mutators.kinds import Mutator
from tests.fuzz.oracle import MOST_SECONDS, fed, in_time

CLOSELY = 16
"""One in so many documents is compared with the published schema too: that takes longer than reading it."""
PAGES = b"%PDF-1.4 as text\n"

Delivery = tuple[str, bytes]
"""A document's name and bytes, as somebody hands it in."""


@dataclass(frozen=True, slots=True)
class Target:
    """``feed`` raises for a finding; ``delivered`` is the document that the bytes stand for, for those that are one."""

    name: str
    begin: Callable[[], Iterable[bytes]]
    change: Mutator
    feed: Callable[[bytes], None]
    words: Callable[[], Iterable[str]]
    delivered: Callable[[bytes], Delivery] | None = None

    def seeds(self) -> list[bytes]:
        """The documents to begin with."""
        return list(self.begin())


def _document(
    form: IntakeFormat, name: str, begin: Callable[[], Iterable[bytes]], change: Mutator, among: Callable[[], Iterable[str]]
) -> Target:
    """A target whose bytes are a document as it is handed in."""

    def feed(content: bytes) -> None:
        closely = crc32(content) % CLOSELY == 0
        with in_time():
            found = fed(name, content, closely=closely)
        if found.format != form.name:  # whatever else takes it for its own, this format must bear it too
            with in_time():
                fed(name, content, Told(format=form.name))

    return Target(form.name, begin, change, feed, among, lambda content: (name, content))


def _feed_mail(content: bytes) -> None:
    with here.standing_in(decoders.InThisProcess()) as decoder, in_time(MOST_SECONDS + decoders.SECONDS):
        fed("mail.eml", content, closely=crc32(content) % CLOSELY == 0)
    del decoder


def _feed_pdf(content: bytes) -> None:
    decoder = decoders.InThisProcess()
    with here.standing_in(decoder), in_time(MOST_SECONDS + 3 * decoders.SECONDS):
        fed("report.pdf", content, closely=crc32(content) % CLOSELY == 0)


def _feed_lines(content: bytes) -> None:
    with here.standing_in(decoders.AsText()), in_time():
        fed("report.pdf", PAGES + content, closely=crc32(content) % CLOSELY == 0)


def _feed_package(content: bytes) -> None:
    with here.standing_in(decoders.InThisProcess()), in_time(MOST_SECONDS + 3 * decoders.SECONDS):
        fed("package.zip", content, closely=crc32(content) % CLOSELY == 0)


def _feed_any(content: bytes) -> None:
    """The first byte chooses the name."""
    name = NAMES[content[0] % len(NAMES)] if content else "document"
    with here.standing_in(decoders.InThisProcess()), in_time(MOST_SECONDS + 3 * decoders.SECONDS):
        fed(name, content[1:])


def _change_any(content: bytes, hand: Hand) -> bytes:
    first = hand.dice.randbytes(1) if hand.happens(0.1) else content[:1]
    return first + kinds.change(content[1:], hand)


NAMES = (
    "document",
    "report.json",
    "report.xml",
    "mail.eml",
    "report.pdf",
    "package.zip",
    "referral.json",
    "notice.json",
    "a\x00b",
    "\udcff",
    "",
)


def _printed(content: bytes) -> Delivery:
    """The lines as a PDF that shows them."""
    text = content.decode("utf-8", "replace")
    return "report.pdf", pdf.document(line[:400] for line in text.split("\n")[:2000])


def _mails() -> Iterable[bytes]:
    yield from seeds.examples(mail.FORMAT)
    yield from seeds.simulated(Form.MAIL, Form.MAIL_JSON)


def _packages() -> Iterable[bytes]:
    yield from seeds.folders()
    yield from seeds.simulated(Form.TIP_ZIP)
    yield from (content for content in seeds.examples(xarf.FORMAT, dsa_notice.FORMAT, ncmec_pdf.FORMAT) if content.startswith(b"PK"))
    yield from seeds.locked(list(seeds.lea())[:3])
    yield from (zipped({"report.json": each, "a.txt": b"Hello", "sub/b.txt": b"world"}) for each in list(seeds.lea())[3:6])


def _pages() -> Iterable[bytes]:
    made = [*seeds.examples(ncmec_pdf.FORMAT), *seeds.simulated(Form.PDF)]
    yield from (content for content in made if not content.startswith(b"PK"))
    yield from seeds.locked_pages(made[:1] * 2)


def _anything() -> Iterable[bytes]:
    some = (seeds.lea(), seeds.xml(), _mails(), _packages(), _pages(), seeds.examples(handover.FORMAT, grace_json.FORMAT))
    for place, documents in enumerate(some, 1):
        yield from (bytes([place]) + content for content in list(documents)[:4])


def _lea() -> Iterable[bytes]:
    return (*seeds.lea(), *seeds.examples(lea_json.FORMAT), *seeds.simulated(Form.LEA_JSON))


def _xml() -> Iterable[bytes]:
    return (content for content in (*seeds.xml(), *seeds.examples(cybertipline.FORMAT)) if not content.startswith(b"PK"))


def _single(*forms: IntakeFormat) -> Callable[[], Iterable[bytes]]:
    return lambda: [content for content in seeds.examples(*forms) if not content.startswith(b"PK")]


def _form_text(content: bytes) -> None:
    with in_time():
        doors.notice_form(content)


TARGETS: tuple[Target, ...] = (
    _document(lea_json.FORMAT, "report.json", _lea, json_tree.change, words.lea),
    _document(cybertipline.FORMAT, "report.xml", _xml, xml_tree.change, words.tips),
    _document(
        grace_json.FORMAT,
        "report.json",
        lambda: (*_single(grace_json.FORMAT)(), *seeds.simulated(Form.GRACE_JSON)),
        json_tree.change,
        words.own,
    ),
    _document(xarf.FORMAT, "report.json", _single(xarf.FORMAT), json_tree.change, words.xarf),
    _document(dsa_notice.FORMAT, "notice.json", _single(dsa_notice.FORMAT), json_tree.change, words.notices),
    _document(handover.FORMAT, "referral.json", _single(handover.FORMAT), json_tree.change, words.handover),
    Target("mail", _mails, letter.change, _feed_mail, words.mail, lambda content: ("mail.eml", content)),
    Target("ncmec-pdf", _pages, pages.change, _feed_pdf, words.prints, lambda content: ("report.pdf", content)),
    Target("tip-lines", seeds.prints, lines.change, _feed_lines, words.prints, _printed),
    Target("packages", _packages, kinds.package, _feed_package, words.everything, lambda content: ("package.zip", content)),
    Target(
        "chooser",
        _anything,
        _change_any,
        _feed_any,
        words.everything,
        lambda content: (NAMES[content[0] % len(NAMES)] if content else "", content[1:]),
    ),
    Target("exchange", doors.packages, doors.change_package, doors.exchange, words.handover),
    Target("reporting", seeds.requests, doors.change_request, doors.reporting, words.tips),
    Target("notice-form", seeds.typed, json_tree.change, _form_text, words.notices),
    Target("free-text", seeds.texts, lines.change, doors.free_text, words.free),
)


def target(name: str) -> Target:
    """The target of this name."""
    return next(each for each in TARGETS if each.name == name)


def names() -> list[str]:
    """All of them."""
    return [each.name for each in TARGETS]
