"""Samples with one value replaced by something absurd: seeded, so that a failure can be repeated by its number."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

DATA = Path(__file__).parents[1] / "data"
LEA = sorted(path for path in (DATA / "lea-json").glob("*.json") if not path.name.endswith(".expected.json"))
XML = sorted([*DATA.glob("cybertipline/*/report.xml"), *DATA.glob("cybertipline/*/fileDetails_*1.xml")])


def nested(depth: int) -> Any:
    """Lists and objects, one in the other."""
    value: Any = "deep"
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def absurd(dice: random.Random) -> Iterator[Any]:
    """Replacements of every sort; the long text does not shrink, as no index row would hold it either."""
    yield from (None, "N/A", [], {}, 7, -1.5e300, 10**400, True, nested(40), "a\x00b\ud800c", [None, "N/A", 1, [], {}, [[]]])
    yield from (dice.randbytes(500_000).hex(), "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "x" * 3_000)


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every value, as the container that holds it and its key."""
    for key, item in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        yield tree, key
        if isinstance(item, dict | list):
            yield from places(item)


def mutated_json(path: Path, dice: random.Random) -> bytes:
    """A sample in JSON with one value replaced."""
    tree = json.loads(path.read_text("utf-8-sig"))
    holder, key = dice.choice(list(places(tree)))
    holder[key] = dice.choice(list(absurd(dice)))
    return json.dumps(tree).encode()


def mutated_xml(path: Path, dice: random.Random) -> bytes:
    """A sample in XML with one element emptied, filled, nested, doubled or removed."""
    root = etree.fromstring(path.read_bytes())
    element = dice.choice(list(root.iter()))
    parent = element.getparent()
    way = dice.randrange(5 if parent is not None else 3)
    if way == 0:
        element.text = dice.choice(["", "N/A", "7", dice.randbytes(500_000).hex(), "0001-01-01T00:00:00+14:00"])
    elif way == 1:
        for _ in range(40):
            element = etree.SubElement(element, "deep")
    elif way == 2:
        element.set("newAttribute", "9" * 400)
    elif way == 3:
        element.addnext(etree.fromstring(etree.tostring(element)))
    elif parent is not None:
        parent.remove(element)
    return etree.tostring(root)


def mutations(seed: int, number: int) -> Iterator[tuple[str, bytes]]:
    """So many mutated samples, each with its name; every sample has its turn."""
    dice = random.Random(seed)
    samples = [*LEA, *XML]
    for count in range(number):
        path = samples[count % len(samples)]
        make = mutated_json if path.suffix == ".json" else mutated_xml
        yield f"{count}-{path.parent.name}-{path.name}", make(path, dice)
