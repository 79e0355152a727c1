"""Writing VICS: the key that names the model first, then ``value``, as strict readers want it; one record in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grace.matching.formats.item import Item
from grace.matching.formats.vics_categories import Scale

_CONTEXTS: Mapping[str, tuple[str, str]] = {
    "1.3": ("odata.metadata", "http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#{kind}"),
    "2.0": ("@odata.context", "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/{scale}/$metadata#{kind}"),
}
VERSIONS = tuple(_CONTEXTS)
SCALES = ("Default", "US", "UK", "CUSTOM")
"""The scales that version 2.0 has an address for."""
_TEXTS = (
    ("series", "Series"),
    ("tags", "Tags"),
    ("precategorized_by", "PrecategorizationSource"),
    ("updated", "DateUpdated"),
)
_FLAGS = (
    ("victim_identified", "VictimIdentified"),
    ("offender_identified", "OffenderIdentified"),
    ("distributed", "IsDistributed"),
    ("suspected", "IsSuspected"),
    ("self_generated", "SelfGenerated"),
    ("precategorized", "IsPrecategorized"),
)
_OTHER_NAMES = {"sha256": "SHA256", "pdq": "PDQ"}


@dataclass(frozen=True, slots=True)
class Writing:
    """How a file is written: version ``1.3`` or ``2.0``, the scale of its categories, and what a case says of itself."""

    version: str
    scale: Scale
    is_case: bool = False
    case_id: UUID | None = None
    case_number: str = ""
    program_version: str = ""


def write(items: Iterable[Item], how: Writing) -> Iterator[bytes]:
    """The file, piece by piece."""
    key, address = _CONTEXTS[how.version]
    scale = how.scale.name if how.scale.name in SCALES else "CUSTOM"
    context = address.format(scale=scale, kind="Cases" if how.is_case else "Media")
    yield f"{{{_said(key)}:{_said(context)},{_said('value')}:[".encode()
    if how.is_case:
        yield _case_head(how)
    for number, item in enumerate(items, start=1):
        yield (b",\n" if number > 1 else b"\n") + json.dumps(record(number, item, how.scale), ensure_ascii=False).encode()
    yield b"\n]}]}\n" if how.is_case else b"\n]}\n"


def record(number: int, item: Item, scale: Scale) -> dict[str, Any]:
    """One record; booleans are texts, and what is not known is left out."""
    digests, facts = dict(item.digests), item.facts
    told: dict[str, Any] = {"MediaID": number, "Category": category_of(item, scale)}
    told |= {name: digests[algorithm].hex().upper() for algorithm, name in (("md5", "MD5"), ("sha1", "SHA1")) if algorithm in digests}
    told |= {
        name: facts[fact] for fact, name in (("photodna", "PhotoDNA"), ("size", "MediaSize"), ("media_type", "MimeType")) if fact in facts
    }
    told |= {name: "true" if facts[fact] else "false" for fact, name in _FLAGS if fact in facts}
    told |= {name: facts[fact] for fact, name in _TEXTS if fact in facts}
    if item.note:
        told["Comments"] = item.note
    if others := [{"HashName": name, "HashValue": digests[each].hex()} for each, name in _OTHER_NAMES.items() if each in digests]:
        told["AlternativeHashes"] = others
    return told


def category_of(item: Item, scale: Scale) -> int | None:
    """The number on this scale; None for an item that no number of it stands for."""
    number = item.facts.get("number")
    if isinstance(number, int) and item.facts.get("scale") == scale.name:
        return number
    return scale.number(item.category)


def _case_head(how: Writing) -> bytes:
    told = {
        "CaseID": str(how.case_id or ""),
        "CaseNumber": how.case_number,
        "SourceApplicationName": "GRACE",
        "SourceApplicationVersion": how.program_version,
    }
    members = ",".join(f"{_said(key)}:{_said(value)}" for key, value in told.items())
    return f"\n{{{members},{_said('Media')}:[".encode()


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
