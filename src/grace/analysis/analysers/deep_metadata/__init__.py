"""What exiftool reads in a file, where it is installed: every tag with its group, and those that the analyser ``metadata`` knows under its kinds.

exiftool knows many more forms than ``metadata``, among them the notes of makers, and takes some hundred times as long. It runs behind
walls of its own; what it writes is JSON and read as a stranger's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from grace.analysis.analysers.metadata import marks
from grace.analysis.analysers.metadata.analyser import GIVES
from grace.analysis.analysers.metadata.said import MOST_TEXT, Said, clean, place_said, time_said
from grace.sdk.analysis import AnalyserInfo, Ask, Content, Cost, Finding, Seen, Subject, Takes
from grace.sdk.signals import Basis

MOST_OF_A_KIND = 24
MOST_OF_ALL = 450
_MOST_NAME = 100
_KINDS = {
    "device.make": ("Make", "AndroidManufacturer"),
    "device.model": ("Model", "UniqueCameraModel", "AndroidModel"),
    "device.lens": ("LensModel", "LensMake", "Lens", "LensID"),
    "device.owner": ("OwnerName", "CameraOwnerName"),
    "software": (
        *("Software", "CreatorTool", "HostComputer", "Producer", "ProcessingSoftware", "HistorySoftwareAgent", "OriginatingProgram"),
        *("MuxingApp", "WritingApp", "Encoder", "AISystemUsed", "Claim_generator"),
    ),
    "image.id": ("ImageUniqueID", "ContentIdentifier", "BurstUUID", "PhotoIdentifier", "MediaGroupUUID"),
    "title": ("Title", "ObjectName", "Headline", "XPTitle", "XPSubject"),
    "description": ("Description", "ImageDescription", "Caption-Abstract"),
    "comment": ("Comment", "UserComment", "XPComment"),
    "keyword": ("Subject", "Keywords", "XPKeywords"),
    "author": ("Artist", "Creator", "Author", "By-line", "XPAuthor"),
    "copyright": ("Copyright", "CopyrightNotice", "Rights"),
    "credit": ("Credit",),
    "place": ("City", "State", "Province-State", "Country", "Country-PrimaryLocationName", "Sub-location"),
    "source_type": ("DigitalSourceType",),
    "color.profile": ("ProfileDescription",),
    "generation": ("Parameters", "Prompt", "Workflow", "Dream"),
}
_KIND_OF = {tag: kind for kind, tags in _KINDS.items() for tag in tags}
_TOLD_APART: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "SerialNumber": ("device.serial", {"of": "body"}),
    "BodySerialNumber": ("device.serial", {"of": "body"}),
    "CameraSerialNumber": ("device.serial", {"of": "body"}),
    "InternalSerialNumber": ("device.serial", {"of": "body"}),
    "LensSerialNumber": ("device.serial", {"of": "lens"}),
    "DocumentID": ("document.id", {"which": "document"}),
    "InstanceID": ("document.id", {"which": "this version"}),
    "OriginalDocumentID": ("document.id", {"which": "first document"}),
    "DerivedFromDocumentID": ("document.id", {"which": "another document that it names"}),
}
_TIMES = {
    "DateTimeOriginal": "taken_at",
    "SubSecDateTimeOriginal": "taken_at",
    "DateTimeCreated": "taken_at",
    "CreateDate": "created_at",
    "SubSecCreateDate": "created_at",
    "CreationDate": "created_at",
    "CreationTime": "created_at",
    "ModifyDate": "modified_at",
    "SubSecModifyDate": "modified_at",
}
_BETTER = {f"ExifIFD:{name}": f"Composite:SubSec{name}" for name in ("DateTimeOriginal", "CreateDate")}
_BETTER |= {"IFD0:ModifyDate": "Composite:SubSecModifyDate"}
"""The same time with its fractions and its zone."""
_ABOUT_THE_FILE = frozenset({"SourceFile", "File:FileType", "File:FileTypeExtension", "File:MIMEType"})
_OF_THE_PLACE = frozenset({"Composite:GPSPosition", "Composite:GPSLatitude", "Composite:GPSLongitude"})
_BINARY = "(Binary data "


class DeepMetadata:
    """The analyser. All of it can be forged; what is not said proves nothing."""

    info = AnalyserInfo(
        name="deep_metadata",
        version="1",
        cost=Cost.DEAR,
        licence="Apache-2.0; asks exiftool (GPL or Artistic), a program of its own",
        takes=Takes.CONTENT,
        gives={
            kind: GIVES[kind] for kind in sorted({*_KIND_OF.values(), *_TIMES.values(), "device.serial", "document.id", "gps", "generator"})
        }
        | {"tag": "any other tag, with its group and name"},
        programs=("exiftool",),
    )

    def warm_up(self) -> None:
        """Nothing is loaded."""

    def examine(self, subject: Subject, ask: Ask) -> Seen:
        """Every tag that exiftool finds, at most :data:`MOST_OF_ALL`: those of a known kind first."""
        if not isinstance(subject, Content):
            raise TypeError("The analyser of deep metadata takes content.")
        if not subject.content:
            return ()
        tags = _tags(ask("exiftool", "tags", subject.content))
        every = list(_said(tags))
        kept = _each_once([*every, *marks.generators(every)])
        return tuple(_finding(each) for each in sorted(kept, key=lambda each: each.kind == "tag")[:MOST_OF_ALL])


def _tags(written: bytes) -> dict[str, list[str]]:
    """Group and name, with the values. Raises ``ValueError`` for what is not exiftool's form."""
    try:
        told = json.loads(written, parse_int=str, parse_float=str)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(told, list) or len(told) != 1 or not isinstance(told[0], dict):
        raise ValueError("one object in a list")
    return {
        str(name): [text for text in map(_text, value if isinstance(value, list) else [value]) if text] for name, value in told[0].items()
    }


def _text(value: object) -> str:
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _said(tags: Mapping[str, list[str]]) -> Iterator[Said]:
    yield from _place(tags)
    for name, values in tags.items():
        if name in _ABOUT_THE_FILE | _OF_THE_PLACE or _BETTER.get(name) in tags:
            continue
        group, _, tag = name.rpartition(":")
        for value in values:
            yield from _of_tag(clean(group)[:_MOST_NAME], clean(tag)[:_MOST_NAME], value)


def _of_tag(group: str, tag: str, value: str) -> Iterator[Said]:
    source = f"exiftool {group}:{tag}"
    facts: Mapping[str, str] = {}
    if tag in _TIMES:
        yield from time_said(_TIMES[tag], value, source)
        return
    if tag in _TOLD_APART:
        kind, facts = _TOLD_APART[tag]
    else:
        kind = _KIND_OF.get(tag, "tag")
    if kind == "source_type":
        value = value.rstrip("/").rpartition("/")[2]
    if kind == "tag" or value.startswith(_BINARY):
        kind, facts = "tag", {"group": group, "tag": tag}
    yield Said(kind, value, source, facts)


def _place(tags: Mapping[str, list[str]]) -> Iterator[Said]:
    try:
        latitude, longitude = (float(tags[f"Composite:GPS{name}"][0]) for name in ("Latitude", "Longitude"))
    except (KeyError, IndexError, ValueError):
        return
    facts = {fact: tags[name][0] for fact, name in (("altitude", "GPS:GPSAltitude"), ("time", "Composite:GPSDateTime")) if tags.get(name)}
    yield from place_said(latitude, longitude, "exiftool Composite:GPSPosition", facts)


def _each_once(said: Iterable[Said]) -> list[Said]:
    found: dict[tuple[str, ...], Said] = {}
    counts = Counter[str]()
    for each in said:
        value = each.value[:MOST_TEXT]
        key = (each.kind, value, *each.facts.get("of", ""), each.source if each.kind == "tag" else "")
        if value and key not in found and (each.kind == "tag" or counts[each.kind] < MOST_OF_A_KIND):
            counts[each.kind] += 1
            found[key] = replace(each, value=value)
    return list(found.values())


def _finding(each: Said) -> Finding:
    facts = {name: clean(text)[:MOST_TEXT] for name, text in {**each.facts, "source": each.source}.items()}
    return Finding(each.kind, each.value, Basis.OBSERVED, facts=facts)


ANALYSER = DeepMetadata()
