"""Short stable names for the incident types of the public reporting schemas, matched leniently."""

from __future__ import annotations

# By the first letters, in lower case: old and misspelt values of real clients differ only towards their end.
_BY_BEGINNING: tuple[tuple[str, str], ...] = (
    ("child pornography", "material"),
    ("child sex trafficking", "trafficking"),
    ("child sex tourism", "travel"),
    ("child sexual molestation", "molestation"),
    ("misleading domain name", "domain"),
    ("misleading words", "words"),
    ("online enticement of children", "enticement"),
    ("unsolicited obscene material", "unsolicited"),
    # Category, type and exploitation type of an X-ARF report.
    ("content/csam", "material"),
    ("content/csem grooming", "enticement"),
    ("content/csem solicitation", "enticement"),
    ("content/csem sextortion", "enticement"),
    ("content/csem trafficking", "trafficking"),
    ("content/csem distribution", "material"),
    ("content/csem production", "material"),
    ("content/csem possession", "material"),
)

KINDS: tuple[str, ...] = (*dict.fromkeys(kind for _, kind in _BY_BEGINNING), "other")
"""All short names; ``other`` is whatever the schema does not name."""


def kind_of(incident_type: str | None) -> str:
    """The short name of an incident type as written."""
    folded = " ".join((incident_type or "").casefold().split())
    return next((kind for beginning, kind in _BY_BEGINNING if folded.startswith(beginning)), "other")
