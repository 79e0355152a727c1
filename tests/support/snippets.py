"""The free-text test sets as data: what is labelled in which text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grace.sdk.intake import Kind

_DATA = Path(__file__).parent.parent / "data"
FOLDERS = {
    "first": _DATA / "freetext",
    "held-out": _DATA / "freetext_held_out",
    "third": _DATA / "freetext_third",
    "fourth": _DATA / "freetext_fourth",
    "fifth": _DATA / "freetext_fifth",
    "sixth": _DATA / "freetext_sixth",
    "seventh": _DATA / "freetext_seventh",
    "eighth": _DATA / "freetext_eighth",
    "ninth": _DATA / "freetext_ninth",
    "tenth": _DATA / "freetext_tenth",
    "eleventh": _DATA / "freetext_eleventh",
    "twelfth": _DATA / "freetext_twelfth",
    "thirteenth": _DATA / "freetext_thirteenth",
    "fourteenth": _DATA / "freetext_fourteenth",
}
"""The sets by name. The errors of all but the fourteenth have been seen; each README says when its set was spent."""

KINDS = {
    "email": Kind.EMAIL,
    "phone": Kind.PHONE,
    "ip": Kind.IP,
    "url": Kind.URL,
    "handle": Kind.SCREEN_NAME,
    "payment": Kind.PAYMENT,
    "crypto": Kind.PAYMENT,
}
"""The labels' kinds, and the product's kind of each."""


@dataclass(frozen=True, slots=True)
class Label:
    """One identifier as it stands in a text; ``start`` and ``end`` in code points."""

    kind: str
    start: int
    end: int
    normal: str
    service: str | None


@dataclass(frozen=True, slots=True)
class Snippet:
    """One text with everything that is to be found in it; ``region`` is the hint that a caller would pass."""

    id: str
    lang: str
    region: str | None
    text: str
    identifiers: tuple[Label, ...]

    def written(self, label: Label) -> str:
        return self.text[label.start : label.end]


def snippets(name: str) -> tuple[Snippet, ...]:
    """The whole set of that name, by language and number."""
    lines = [line for path in sorted(FOLDERS[name].glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(_snippet(json.loads(line)) for line in lines)


def _snippet(line: dict[str, Any]) -> Snippet:
    labels = tuple(Label(**label) for label in line.pop("identifiers"))
    return Snippet(**line, identifiers=labels)
