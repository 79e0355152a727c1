"""The whole document to a :class:`Reading`: its report, and the files inside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grace.identifiers import normal
from grace.intake.formats.described import deviations, shape_of
from grace.intake.formats.json_leaves import Walk
from grace.intake.formats.json_values import members, stated, wrapped
from grace.intake.formats.room import Room
from grace.intake.formats.xarf.description import FACTS, LISTS, MARK, REPORT
from grace.intake.formats.xarf.evidence import Evidence, Names, read_evidence
from grace.sdk.intake import Attachment, Claim, Kind, Leaf, Note, Passage, Person, Reading, Report, Role, Unreadable

FORMAT_NAME = "xarf"

_SHAPE = shape_of(REPORT)
_TYPES = frozenset({"csam", "csem"})
_VERSION = re.compile(r"4\.\d+(\.\d+)?")


def other(tree: dict[str, object]) -> Unreadable | None:
    """Why the document is none of those that we read, or None."""
    if not _VERSION.fullmatch(stated(tree.get(MARK)) or ""):
        return Unreadable("other-version", "The X-ARF report is of another version than 4.")
    if _word(_category(tree)) != "content" or _word(tree.get("type")) not in _TYPES:
        return Unreadable("other-category", "The X-ARF report is about another kind of abuse; GRACE takes content/csam and content/csem.")
    return None


def read_document(tree: dict[str, object], name: str, names: Names, room: Room) -> Reading:
    """What the document says and holds. Raises :class:`Unreadable` where it is too deep or too large."""
    walk = Walk(room)
    walk.document(tree, _SHAPE)
    evidence = read_evidence(tree, names)
    leaves = tuple(_shown(leaf, evidence) for leaf in walk.leaves) if evidence.shown else tuple(walk.leaves)
    report = _report(tree, evidence)
    notes = (*_notes(report), *walk.notes, *evidence.notes, *deviations(tree, REPORT))
    return Reading(replace(report, notes=notes, leaves=leaves), (name,), evidence.files)


def _report(tree: dict[str, object], evidence: Evidence) -> Report:
    reporter = members(tree.get("reporter"))
    sender = stated(reporter.get("org")) or stated(reporter.get("domain")) or ""
    number = stated(tree.get("report_id"))
    earlier = stated(tree.get("ncmec_report_id"))
    said = stated(tree.get("description"))
    return Report(
        FORMAT_NAME,
        sender,
        number if sender else None,
        sender,
        incident_type=_type(tree),
        incident_at=stated(tree.get("timestamp")),
        annotations=tuple(text for _, item in wrapped(tree, "tags") if (text := stated(item)) is not None),
        prior_numbers=(earlier,) if earlier else (),
        facts=dict(_facts(tree)),
        persons=tuple(_persons(tree)),
        attachments=(*_content(tree), *evidence.attachments),
        claims=tuple(_source(tree)),
        passages=(Passage(said, "$.description", "note"),) if said is not None else (),
    )


def _notes(report: Report) -> Iterator[Note]:
    if report.number is None:
        yield Note("number-missing", "$.report_id", "The document carries no number that its reporter gave.")
    if not report.sender:
        yield Note("sender-missing", "$.reporter.org", "The document does not name its reporter.")


def _type(tree: dict[str, object]) -> str:
    """Category, type and exploitation type: ``content/csem grooming``."""
    kind = f"content/{_word(tree.get('type'))}"
    exploitation = stated(tree.get("exploitation_type"))
    return f"{kind} {exploitation}" if exploitation else kind


def _category(tree: dict[str, object]) -> object:
    return tree.get("category", tree.get("class"))


def _word(value: object) -> str:
    return (stated(value) or "").strip().lower()


def _facts(tree: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name in FACTS:
        text = stated(tree.get(name))
        if text is not None:
            yield name, text
    for name in LISTS:
        texts = [text for _, item in wrapped(tree, name) if (text := stated(item)) is not None]
        if texts:
            yield name, "; ".join(texts)


def _persons(tree: dict[str, object]) -> Iterator[Person]:
    """Whoever acted, as the report calls the account, and those who report."""
    indicators = members(tree.get("perpetrator_indicators"))
    path = "$.perpetrator_indicators"
    claims = [
        Claim(Kind.IP, text, path + below) for below, item in wrapped(indicators, "ip_addresses") if (text := stated(item)) is not None
    ]
    account = stated(indicators.get("account_id"))
    if account is not None:
        claims.insert(0, Claim(Kind.USER_ID, account, f"{path}.account_id"))
    behaviour = stated(indicators.get("pattern_of_behavior"))
    passages = (Passage(behaviour, f"{path}.pattern_of_behavior", "note"),) if behaviour is not None else ()
    if claims or passages:
        yield Person(Role.REPORTED, path, claims=tuple(claims), passages=passages)
    reporter, sender = members(tree.get("reporter")), members(tree.get("sender"))
    for name, contact in (("reporter", reporter), ("sender", sender)):
        if contact and (name == "reporter" or contact != reporter):
            yield _contact(contact, f"$.{name}")


def _contact(holder: dict[str, object], path: str) -> Person:
    fields = {
        field: text for key, field in (("org", "organisation"), ("domain", "domain")) if (text := stated(holder.get(key))) is not None
    }
    address = stated(holder.get("contact"))
    claims = (Claim(Kind.EMAIL, address, f"{path}.contact"),) if address is not None else ()
    return Person(Role.SENDER, path, fields, claims)


def _content(tree: dict[str, object]) -> Iterator[Attachment]:
    """The content that the report is about, where it says anything of the bytes: they are elsewhere, or among the evidence."""
    digests = {key: text for key, value in members(tree.get("hash_values")).items() if (text := stated(value)) is not None}
    classification = stated(tree.get("classification"))
    if digests or classification:
        media = stated(tree.get("media_type"))
        yield Attachment(
            "$.hash_values" if digests else "$.classification",
            digests=digests,
            classification=classification,
            fields={"media_type": media} if media else {},
        )


def _source(tree: dict[str, object]) -> Iterator[Claim]:
    """Where the content lies, and the address that it came from, at the time and port that the report names."""
    source, url = stated(tree.get("source_identifier")), stated(tree.get("url"))
    if source is not None:
        kind = next((kind for kind in (Kind.IP, Kind.URL) if normal(kind, source)), Kind.OTHER)
        label = "source identifier" if kind is Kind.OTHER else None
        at, port = (stated(tree.get("timestamp")), stated(tree.get("source_port"))) if kind is Kind.IP else (None, None)
        yield Claim(kind, source, "$.source_identifier", at=at, port=port, label=label)
    if url is not None:
        yield Claim(Kind.URL, url, "$.url")


def _shown(leaf: Leaf, evidence: Evidence) -> Leaf:
    text = evidence.shown.get(leaf.path)
    return leaf if text is None else Leaf(leaf.path, text, leaf.known)
