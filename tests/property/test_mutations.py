"""Any single value of any sample replaced by something absurd: read or refused, never another error."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from grace.intake.canonical import canonical
from grace.intake.formats import cybertipline, lea_json
from grace.intake.packages import package_of
from grace.intake.registry import read
from grace.sdk.intake import Unreadable

DATA = Path(__file__).parent.parent / "data"
LEA = sorted(path for path in (DATA / "lea-json").glob("*.json") if not path.name.endswith(".expected.json"))
XML = sorted(
    {
        *DATA.glob("cybertipline/*/report.xml"),
        *DATA.glob("cybertipline/*/fileDetails_1.xml"),
        *DATA.glob("cybertipline/invalid/1[0-4]*.xml"),
    }
)
MEGABYTE = "x" * 1_000_000
FORMATS = (lea_json.FORMAT, cybertipline.FORMAT)


def nested(depth: int) -> Any:
    value: Any = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


REPLACEMENTS: dict[str, Any] = {
    "null": None,
    "N/A": "N/A",
    "list": [],
    "object": {},
    "number": 7,
    "megabyte": MEGABYTE,
    "nesting": nested(40),
    "truth": True,
    "fraction": -1.5e300,
    "object of the wrong kind": {"value": {"value": [None]}},
    "list of the wrong kind": [None, "N/A", 1, [], {}, [[]]],
    "NUL and a lone surrogate": "a\x00b\ud800c",
}


def read_or_refuse(name: str, content: bytes) -> bool:
    """Whether it was read; anything but a reading or ``Unreadable`` escapes and fails the test."""
    try:
        readings = read(package_of({name: content}), FORMATS)
    except Unreadable as refused:
        if refused.code == "format-failed":
            raise
        return False
    for reading in readings:
        canonical(reading)
    return True


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every value, as the container that holds it and its key."""
    for key, item in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        yield tree, key
        if isinstance(item, dict | list):
            yield from places(item)


@pytest.mark.parametrize("kind", REPLACEMENTS)
@pytest.mark.parametrize("path", LEA, ids=lambda path: path.stem[:2])
def test_every_value_of_every_json_sample(path: Path, kind: str) -> None:
    tree = json.loads(path.read_text("utf-8-sig"))
    count = 0
    for holder, key in list(places(tree)):
        kept, holder[key] = holder[key], REPLACEMENTS[kind]
        read_or_refuse("report.json", json.dumps(tree).encode())
        holder[key] = kept
        count += 1
    assert count > 50


@pytest.mark.parametrize("path", LEA, ids=lambda path: path.stem[:2])
def test_every_key_of_every_json_sample_missing(path: Path) -> None:
    tree = json.loads(path.read_text("utf-8-sig"))
    for holder, key in list(places(tree)):
        if isinstance(holder, dict):
            without = {name: value for name, value in holder.items() if name != key}
            kept = dict(holder)
            holder.clear()
            holder.update(without)
            read_or_refuse("report.json", json.dumps(tree).encode())
            holder.clear()
            holder.update(kept)


@pytest.mark.parametrize("path", LEA, ids=lambda path: path.stem[:2])
def test_samples_cut_anywhere(path: Path) -> None:
    content = path.read_bytes()
    for end in range(0, len(content.rstrip()), 7):
        assert not read_or_refuse("report.json", content[:end])


def deep_element(depth: int) -> etree._Element:
    root = inner = etree.Element("deep")
    for _ in range(depth):
        inner = etree.SubElement(inner, "deep")
    return root


TEXTS = {"empty": "", "N/A": "N/A", "number": "7", "megabyte": MEGABYTE, "markup": "<report>&x;</report>"}


def variants(element: etree._Element) -> Iterator[None]:
    """The tree with the element changed in each way; undone when the next is asked for."""
    kept = element.text
    for text in TEXTS.values():
        element.text = text
        yield
    element.text = kept
    for depth in (1, 40, 90):
        inner = deep_element(depth)
        element.append(inner)
        yield
        element.remove(inner)
    element.set("newAttribute", "7")
    yield
    del element.attrib["newAttribute"]
    for key, value in list(element.attrib.items()):
        for text in TEXTS.values():
            element.set(key, text)
            yield
        element.set(key, value)


def moved(element: etree._Element) -> Iterator[None]:
    """The tree with the element doubled, and without it."""
    parent = element.getparent()
    assert parent is not None
    twin = copy.deepcopy(element)
    element.addnext(twin)
    yield
    parent.remove(twin)
    place = parent.index(element)
    parent.remove(element)
    yield
    parent.insert(place, element)


@pytest.mark.parametrize("path", XML, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_element_of_every_xml_sample(path: Path) -> None:
    root = etree.fromstring(path.read_bytes())
    tree = root.getroottree()
    by_kind = {re.sub(r"\[\d+\]", "", tree.getpath(element)): element for element in root.iter()}
    for element in by_kind.values():
        for _ in variants(element):
            assert read_or_refuse("report.xml", etree.tostring(root))
        for _ in moved(element) if element.getparent() is not None else ():
            assert read_or_refuse("report.xml", etree.tostring(root))


@pytest.mark.parametrize("path", XML[:6], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_xml_samples_cut_anywhere(path: Path) -> None:
    content = path.read_bytes()
    for end in range(0, len(content.rstrip()), 7):
        assert not read_or_refuse("report.xml", content[:end])
