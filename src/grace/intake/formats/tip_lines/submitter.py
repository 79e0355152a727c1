"""Who submitted: a name in one column, a point of contact in the other, often run together when text is taken from a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grace.intake.formats.tip_lines.items import GAP
from grace.intake.formats.tip_lines.vocabulary import CONTACT

_LABELS = "|".join(re.escape(label) for label in sorted(CONTACT, key=len, reverse=True))
_CONTACT = re.compile(rf"(?:^|\s)(?=(?:{_LABELS})\s*:)", re.IGNORECASE)
_BARE = re.compile(rf"(?>(?:{_LABELS})\b(?:\s*:)?\s*)+", re.IGNORECASE)
_BESIDE = re.compile(r".*\bpoint of contact\b.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Submitter:
    """The name, the further lines of its column, those of the contact, and whether the two could not be told apart."""

    name: str
    address: str = ""
    contact: str = ""
    merged: bool = False


def submitter(lines: Sequence[str]) -> Submitter:
    """Part the two columns: by the space between them where the layout kept it, else by the labels of a contact."""
    names: list[str] = []
    contacts: list[str] = []
    beside = merged = False
    apart = any(len(GAP.split(line.strip())) > 1 for line in lines)
    for line in lines:
        beside = beside or _BESIDE.fullmatch(line) is not None
        left, right = _columns(line)
        if left:
            merged = merged or (beside and not apart and not names and not right)
            names.append(left)
        if right:
            contacts.append(right)
    return Submitter(names[0] if names else "", ", ".join(names[1:]), "; ".join(contacts), merged)


def _columns(line: str) -> tuple[str, str]:
    parts = GAP.split(line.strip(), maxsplit=1)
    if len(parts) == 1:
        found = _CONTACT.search(line)
        parts = [line[: found.start()], line[found.start() :]] if found else [line, ""]
    left, right = (" ".join(part.split()) for part in parts)
    if _BARE.fullmatch(left):
        left = ""
    return left, "" if _BARE.fullmatch(right) else right
