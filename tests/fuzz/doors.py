"""Ways in that take more than a document: the reporting server's requests, sealed packages, the form of a notice, running text."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from unittest import mock

from django.test import RequestFactory

from grace.agencies.keys import PrivateKeys, read_private, text_of
from grace.agencies.models import Agency, Enrolment
from grace.api.ispws.bodies import Upload, id_of, xml_of
from grace.exchange import manifest as manifests
from grace.exchange import receipts, unpack
from grace.exchange.body import seal
from grace.exchange.errors import Rejected
from grace.exchange.label import Label, check, read_head
from grace.exchange.manifest import Manifest, Sum
from grace.exchange.part import Part
from grace.identifiers import LONGEST
from grace.identifiers.find import find
from grace.intake.checking import check_details, check_finish, check_report, is_escalated
from grace.intake.codes import ReportRefused
from grace.intake.formats import handover
from grace.intake.notice_form import compose
from grace.intake.understand import Origin, Told
from grace.kernel.strict import spelled
from grace.simulate.world import zipped
from tests.fuzz.mutators import archive, kinds, letter, xml_tree
from tests.fuzz.mutators.hand import Hand
from tests.fuzz.oracle import Wrong, fed, in_time

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAME, STATE = "Example Police North", "DE"
PACKAGE, SENDER, RECIPIENT = uuid.UUID(int=7), uuid.UUID(int=8), uuid.UUID(int=9)
_FORMS = frozenset({"/ispws/finish", "/ispws/retract"})


def change_request(content: bytes, hand: Hand) -> bytes:
    """A request with a few changes: its form as a mail is changed, its XML as XML."""
    head, blank, body = content.partition(b"\n\n")
    if b"multipart" in head:
        return letter.change(content, hand)
    changed = xml_tree.change(body, hand) if body[:200].lstrip(b"\xef\xbb\xbf \n").startswith(b"<") else hand.twist(body)
    return (hand.twist(head) if hand.happens(0.06) else head) + blank + changed


def reporting(content: bytes) -> None:
    """What the reporting server makes of a request: an answer or its own refusal; what it accepts is read."""
    head, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n") if b"\r\n\r\n" in content[:300] else content.partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\n") if ": " in line)
    path = fields.get("POST", "/ispws/submit").strip()
    request = RequestFactory().generic("POST", "/ispws/submit", body, content_type=_type(fields))
    with suppress(ReportRefused), in_time():
        if path in _FORMS:
            id_of(request)
        elif path == "/ispws/upload":
            coming = Upload(request)
            coming.stream.read()
            coming.rest()
        elif path == "/ispws/fileinfo":
            check_details(xml_of(request))
            check_finish([("1", body)])
        else:
            _submitted(xml_of(request))


def _type(fields: Mapping[str, str]) -> str:
    """The content type, without what no server in front would let through."""
    said = next((value for name, value in fields.items() if name.lower() == "content-type"), "text/xml")
    return "".join(letter for letter in said if letter.isprintable())


def _submitted(body: bytes) -> None:
    check_report(body, NOW)
    is_escalated(body)
    origin = Origin("grace.example.org", "10000001", "Chat Example", NOW.isoformat())
    found = fed("report-10000001.zip", zipped({"10000001/report.xml": body}), Told(origin, "cybertipline-xml"))
    if found.reason_code:
        raise Wrong(f"what the reporting server accepts is not read: {found.reason_code}")


def packages() -> Iterator[bytes]:
    """Packages as another agency makes them, open: the members of a body as a ZIP; and the text of a receipt."""
    for example in handover.FORMAT.examples():
        told = json.loads(example["referral.json"])
        files = {"files/00001": b"Hello world", "originals/00001": b"{}"}
        members = {"referral.json": spelled(told), **files}
        yield zipped({manifests.NAME: _manifest(members).text(), **members})
    receipt = receipts.Receipt(PACKAGE, SENDER, SENDER, hashlib.sha256(b"").digest(), NOW)
    yield receipts.write(receipt, own()).encode()
    yield _label(b"body").head(own()) + b"body"


def _manifest(members: Mapping[str, bytes]) -> Manifest:
    return Manifest(
        package=PACKAGE,
        kind="handover",
        sender=SENDER,
        sender_name=NAME,
        sender_state=STATE,
        recipient=own().agency,
        made_at=NOW,
        expires_at=NOW + timedelta(days=30),
        purpose="investigation",
        part="whole",
        members={name: Sum(len(content), hashlib.sha256(content).digest()) for name, content in members.items()},
    )


def _label(body: bytes) -> Label:
    return Label(PACKAGE, "handover", SENDER, own().agency, NOW, NOW + timedelta(days=30), len(body), hashlib.sha256(body).digest())


def change_package(content: bytes, hand: Hand) -> bytes:
    """A package with a few changes; what is no ZIP is twisted."""
    return kinds.package(content, hand) if content.startswith(b"PK") else hand.twist(content)


def exchange(content: bytes) -> None:
    """What the inbox makes of a package: its label, a receipt, and its body, sealed and signed as an enrolled agency would."""
    with suppress(Rejected), in_time():
        head = read_head(io.BytesIO(content))
        check(head, _keys(), own().agency, NOW, 1 << 30)
    with suppress(Rejected), in_time():
        receipts.check(content.decode("utf-8", "replace"), own().public, PACKAGE, SENDER, bytes(32))
    if content.startswith(b"PK"):
        with in_time():
            _opened(_signed(content))


def _signed(content: bytes) -> bytes:
    """The body in its one spelling, with sums that are right and a signature that fits, so that what stands behind these is tried too."""
    try:
        entries = archive.read(content)
    except Exception:  # noqa: BLE001 - whatever the library raises for such a ZIP, it is tried as it is
        return content
    inside = {entry.name: archive.content_of(entry) for entry in entries}
    told = inside.pop(manifests.NAME.encode(), None)
    inside.pop(manifests.SIGNATURE.encode(), None)
    if told is None or None in inside.values():
        return content
    members = {name: _spelled(raw) if name == b"referral.json" else raw for name, raw in inside.items() if raw is not None}
    sums = {name.decode("utf-8", "replace"): {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in members.items()}
    told = _spelled(told, sums)
    signature = text_of(own().sign(manifests.SIGNED + told)).encode()
    packed = {manifests.NAME.encode(): told, manifests.SIGNATURE.encode(): signature, **members}
    return archive.written([archive.packed(name, raw, 0) for name, raw in packed.items()])


def _spelled(told: bytes, sums: Mapping[str, object] | None = None) -> bytes:
    """JSON in its one spelling, with the sums of the members where they are given; what has none stays as it stands."""
    try:
        tree = json.loads(told)
        if sums is not None:
            tree = {**tree, "members": {**tree["members"], **sums}}
        return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return told


def _opened(body: bytes) -> None:
    """Open a body, and hand what it holds to intake as accepting it does."""
    sealed = b"".join(seal(io.BytesIO(body), own().public.sealing_key(), PACKAGE))
    label = _label(sealed)
    ours = mock.patch.object(unpack, "all_own", return_value=[own()])
    with ours, suppress(Rejected), unpack.content_of(io.BytesIO(sealed), label, _keys()) as content:
        if content.report is None:
            return
        for part in (Part(), Part(persons=frozenset({0}), files=frozenset())):
            with content.taking(part) as stream:
                found = fed("handover.zip", stream.read())
            if found.reason_code:
                raise Wrong(f"a package that was opened is not read: {found.reason_code}")


@cache
def own() -> PrivateKeys:
    """Keys that are the same in each run: a kept package is for us."""
    raw = {"signing": bytes(range(32)), "lattice": bytes(range(64)), "curve": bytes(range(32, 64))}
    return read_private(json.dumps({"agency": str(RECIPIENT), **{name: text_of(each) for name, each in raw.items()}}).encode())


@cache
def _keys() -> Enrolment:
    """The keys of the sender, who is ourselves under another name."""
    public = own().public
    return Enrolment(agency=Agency(id=SENDER), name=NAME, state=STATE, signing=public.signing, sealing=public.sealing)


def notice_form(content: bytes) -> None:
    """What is typed into the form is a notice that is read, or its faults are told field by field."""
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return
    if not isinstance(tree, dict):
        return
    typed = {str(name): str(value).encode("utf-8", "replace").decode() for name, value in tree.items()}
    composed = compose(typed, "Example Hosting", ["1-a.txt"] if len(content) % 2 else [])
    if not composed.faults:
        found = fed("notice.json", json.dumps(composed.notice, ensure_ascii=False, indent=1).encode(), Told(format="dsa-notice"))
        if found.reason_code:
            raise Wrong(f"a notice that the form accepts is not read: {found.reason_code}")


def free_text(content: bytes) -> None:
    """What is found stands where it is said to stand, in order, and nothing twice."""
    text = content.decode("utf-8", "surrogateescape")
    for region in (None, "DE"):
        with in_time():
            found = find(text, region=region)
        last = 0
        for each in found:
            if not last <= each.start < each.end <= len(text) or text[each.start : each.end] != each.value:
                raise Wrong(f"{each.kind} does not stand where it is said to stand")
            if not each.normal or len(each.value) > 4 * LONGEST:
                raise Wrong(f"{each.kind} without a normal spelling")
            last = each.end
