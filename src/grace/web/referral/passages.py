"""Free text of a report: what somebody wrote, as the sender passes it on. Covered until the referral is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grace.web import words

LONGEST_SHOWN = 4_000
"""Characters of a passage on the page; the whole of it stands in “everything the document says”."""


@dataclass(frozen=True, slots=True)
class PassageShown:
    """A passage: what it is, where it stands, how long it is; ``text`` is empty while covered."""

    about: str
    path: str
    length: int
    text: str
    cut: bool


def of(canonical: Mapping[str, Any], *, uncovered: bool) -> Iterator[PassageShown]:
    """All passages: of the incident, of persons, of files."""
    everywhere = [canonical, *canonical.get("persons", []), *canonical.get("attachments", [])]
    for place in everywhere:
        for told in place.get("passages", []):
            text = told["text"]
            yield PassageShown(
                about=words.said(str(told["about"]).replace("_", " ")),
                path=told["path"],
                length=len(text),
                text=text[:LONGEST_SHOWN] if uncovered else "",
                cut=len(text) > LONGEST_SHOWN,
            )
