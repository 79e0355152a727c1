"""Pages of NCMEC's hash-sharing protocol, version 2, in XML: entries with their fingerprints, and tombstones of those taken back.

The protocol's documentation is not public; this is what the client of the package ``threatexchange`` (1.2.17) reads. An
element whose name begins with ``deleted`` is a tombstone. Fingerprints of kinds that we cannot look up are read past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml import etree

from grace.kernel.errors import Invalid
from grace.matching.digests import EXACT_BYTES, PDQ, read_hex
from grace.matching.formats.item import MOST_CATEGORY, MOST_SOURCE, Fact, Fault, Gone, Item, Passed, Tellings, Told, tidy
from grace.matching.formats.json_stream import Bytes
from grace.matching.formats.vics import Wrong, photodna_of

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
KINDS = ("image", "video")
DELETED = "deleted"
LOOKED_UP = (*EXACT_BYTES, PDQ)
PHOTODNA = "pdna"
_MOST_ID = 120
_MOST_HELD = 1000
"""Elements from one entry to the next; all others are let go."""
_ENTRIES = frozenset({*KINDS, *(DELETED + kind.capitalize() for kind in KINDS)})
_ROOT = re.compile(r"<(?:\w+:)?queryResult[\s>]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the protocol tells it: who says it, its name there, what it is, and its fingerprints as written."""

    member: str
    member_name: str
    kind: str
    name: str
    is_deleted: bool
    classification: str
    fingerprints: Mapping[str, str]


def knows(head: bytes) -> bool:
    """Whether a file that begins so is such a page."""
    text = head.decode("utf-8-sig", errors="replace")
    return text.lstrip().startswith("<") and _ROOT.search(text) is not None


def read(stream: Bytes) -> Tellings:
    """Every entry of a page. Raises :class:`Invalid` for what is not XML of this shape, or has a document type."""
    number, held = 0, 0
    try:
        for event, element in etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            if event == "start":
                if element.getparent() is None:
                    _check_root(element)
                held += 1
                if held > _MOST_HELD:
                    raise Invalid(_("An entry holds more than %(most)d elements.") % {"most": _MOST_HELD})
            elif (kind := _kind(element)) in _ENTRIES and _is_entry(element):
                number += 1
                yield from _read(number, element, kind)
                _let_go(element)
                held = 0
    except (etree.XMLSyntaxError, UnicodeError) as fault:
        raise Invalid(_("This is not XML, or it breaks off."), remedy=_("Nothing was loaded. Fetch the file again.")) from fault


def tell(number: int, entry: Entry) -> Iterator[Told]:
    """What an entry means for a list: an item, or that it is gone; and what of it cannot be kept."""
    if not _is_name(entry.member) or not _is_name(entry.name) or entry.kind not in KINDS:
        yield Fault(number, _("an entry without member, name or kind"))
        return
    key = f"{entry.member}:{entry.name}"  # whether an image or a video is not part of the name: tombstones may not tell
    if entry.is_deleted:
        yield Gone(number, key)
        return
    digests, facts = [], _facts(entry)
    for name in LOOKED_UP:
        written = entry.fingerprints.get(name, "").strip()
        value = read_hex(name, written) if written else None
        if value is not None:
            digests.append((name, value))
        elif written:
            yield Fault(number, _("the %(name)s is not a hash of its kind") % {"name": name})
    if digests:
        yield Item(number, tuple(digests), tidy(entry.classification, MOST_CATEGORY), _source(entry), "", key, facts)
    elif not any(entry.fingerprints.get(name, "").strip() for name in LOOKED_UP):
        yield Passed(number, _("it names nothing that can be looked up"))


def _facts(entry: Entry) -> dict[str, Fact]:
    facts: dict[str, Fact] = {"kind": entry.kind, "member": entry.member}
    try:
        if written := entry.fingerprints.get(PHOTODNA, "").strip():
            facts["photodna"] = photodna_of(written)
    except Wrong:
        pass  # it cannot be looked up either way
    return facts


def _source(entry: Entry) -> str:
    return tidy(entry.member_name, MOST_SOURCE)


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _MOST_ID and text.isprintable() and not text.isspace()


def _check_root(element: etree._Element) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise Invalid(_("The XML has a document type, which is refused."), remedy=_("Ask for the page without one."))
    if _kind(element) != "queryResult":
        raise Invalid(_("This is not a page of hash sharing: its root is not queryResult."))


def _kind(element: etree._Element) -> str:
    name = element.tag if isinstance(element.tag, str) else ""
    return name.rpartition("}")[2]


def _is_entry(element: etree._Element) -> bool:
    """Below ``images`` or ``videos``, and not something of that name elsewhere."""
    parent = element.getparent()
    return parent is not None and _kind(parent) in {f"{kind}s" for kind in KINDS}


def _read(number: int, element: etree._Element, kind: str) -> Iterator[Told]:
    parts = {_kind(child): child for child in element}
    member = parts.get("member")
    prints = parts.get("fingerprints")
    is_deleted = kind.startswith(DELETED)
    yield from tell(
        number,
        Entry(
            member=str(member.get("id") or "") if member is not None else "",
            member_name=_text(member),
            kind=kind.removeprefix(DELETED).lower(),
            name=_text(parts.get("id")),
            is_deleted=is_deleted,
            classification=_text(parts.get("classification")),
            fingerprints={_kind(each): _text(each) for each in prints} if prints is not None else {},
        ),
    )


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _let_go(element: etree._Element) -> None:
    """Forget what is read, so that a page of any length stays small."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
