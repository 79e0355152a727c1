"""Dictionaries: the names of the fields of each format, taken from where the readers have them as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grace.intake.formats.cybertipline import schema as tip_schema
from grace.intake.formats.described import Listing, Record, Text, Value
from grace.intake.formats.dsa_notice.description import NOTICE
from grace.intake.formats.grace_json.description import REPORT
from grace.intake.formats.handover import FORMAT
from grace.intake.formats.json_leaves import Shape
from grace.intake.formats.lea_json.schema import DOCUMENT
from grace.intake.formats.tip_lines import vocabulary
from grace.intake.formats.xarf.description import REPORT as XARF
from grace.intake.notice_fields import SECTIONS
from grace.sdk.fields import FIELDS
from tests.fuzz import seeds
from tests.fuzz.mutators import json_tree

_DEEPEST = 12


def lea() -> set[str]:
    """Keys of what agencies receive, and labels that senders use inside texts."""
    return {*_of_shape(DOCUMENT, 0), "reportedInformation", "N/A", "n/a"}


def _of_shape(shape: Shape, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for name, inner in shape.members.items():
        yield name
        yield from _of_shape(inner, depth + 1)
    for other in (shape.items, shape.more):
        if other:
            yield from _of_shape(other, depth + 1)


def tips() -> set[str]:
    """Elements, attributes and values of what providers send."""
    return {word for name, root in tip_schema.ROOTS.items() for word in (name, *_of_element(root, 0))}


def _of_element(shape: tip_schema.Shape, depth: int) -> Iterator[str]:
    yield from shape.values
    if depth > _DEEPEST:
        return
    for name, inner in (*shape.children.items(), *shape.attributes.items()):
        yield name
        yield from _of_element(inner, depth + 1)


def own() -> set[str]:
    """Keys and values of our own JSON."""
    return set(_of_value(REPORT))


def xarf() -> set[str]:
    """Keys and values of X-ARF."""
    return {*_of_value(XARF), "xarf_version", "content", "csam", "csem", "messaging"}


def notices() -> set[str]:
    """Keys and values of a notice, and the names in its form."""
    return {*_of_value(NOTICE), *(field.name for section in SECTIONS for field in section.fields)}


def _of_value(value: Value) -> Iterator[str]:
    if isinstance(value, Text):
        yield from value.one_of
    elif isinstance(value, Listing):
        yield from _of_value(value.items)
    elif isinstance(value, Record):
        for name, inner in value.members.items():
            yield name
            yield from _of_value(inner)


def handover() -> set[str]:
    """Keys of a referral that another agency handed over."""
    return {word for example in FORMAT.examples() for content in example.values() for word in _keys(json_tree.read(content))}


def _keys(tree: object) -> Iterator[str]:
    if isinstance(tree, json_tree.Pairs):
        for key, value in tree:
            yield key
            yield from _keys(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _keys(item)


def prints() -> set[str]:
    """Labels and headings of the print."""
    labels = {*vocabulary.LABELS, *vocabulary.CONTACT, *vocabulary.PERSONS, *vocabulary.INCIDENTS}
    headings = {*vocabulary.REPORT_HEADINGS, *vocabulary.FILE_HEADINGS, *vocabulary.ENDINGS}
    return {f"{label.title()}: " for label in labels} | headings


def mail() -> set[str]:
    """What stands in mails, and in the print that some hold."""
    return {
        "CyberTipline Report 210000951",
        "Section A: Reported Information",
        "This concludes Section A",
        "multipart/mixed",
        "boundary=",
        *prints(),
    }


def free() -> set[str]:
    """Words by which identifiers in running text are known: those that stand beside them in texts."""
    return {word for content in seeds.texts() for word in content.decode().split() if 2 < len(word) < 20}


def everything() -> Iterable[str]:
    """Words of all formats."""
    return sorted({*lea(), *tips(), *own(), *xarf(), *notices(), *handover(), *FIELDS})


def as_dictionary(words: Iterable[str]) -> str:
    """The words as libFuzzer reads them."""
    plain = sorted({word for word in words if 1 < len(word) < 60})
    return "".join(f'"{"".join(_shown(byte) for byte in word.encode())}"\n' for word in plain)


def _shown(byte: int) -> str:
    letter = chr(byte)
    return letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else f"\\x{byte:02X}"
