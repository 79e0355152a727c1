"""The words of referrals, for searching: what they are, how they are spelt alike, and which referrals say them.

PostgreSQL's full text search in its ``simple`` form: no language is guessed and no word left out. Case, accents and compatibility
forms make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.kernel import sql
from grace.sdk.intake import Report, Role

PART = 100_000
MOST_PARTS = 5
"""Characters of a part, and parts of a version: what stands behind them is not searched, as with identifiers in texts."""

_ACCENTS = re.compile("[\\u0300-\\u036f]")
_ADD = """
INSERT INTO referrals_words (referral_id, version_id, unit_id, part, words)
SELECT referral_id, version_id, unit_id, part, to_tsvector('simple', text) || array_to_tsvector(ARRAY[' unit ' || unit_id])
FROM UNNEST(%s::uuid[], %s::uuid[], %s::uuid[], %s::smallint[], %s::text[]) AS told (referral_id, version_id, unit_id, part, text)
ON CONFLICT (referral_id, version_id, part) DO NOTHING RETURNING referral_id
"""
SAYING = """
WITH seen AS MATERIALIZED (
    SELECT referral_id FROM referrals_words
    WHERE numnode(websearch_to_tsquery('simple', %s)) > 0 AND words @@ (websearch_to_tsquery('simple', %s) && %s::tsquery) AND unit_id = %s
    LIMIT {twice}
)
(SELECT DISTINCT referral_id FROM seen LIMIT {more}) UNION ALL SELECT NULL WHERE (SELECT count(*) FROM seen) = {twice}
"""
"""Referrals of a unit whose words answer a question; bound by :func:`question`."""


@dataclass(frozen=True, slots=True)
class Said:
    """A version and what it says."""

    referral_id: UUID
    version_id: UUID
    unit_id: UUID
    report: Report


def folded(text: str) -> str:
    """The text with case, accents of Latin, Greek and Cyrillic letters, and compatibility forms put aside."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart))


def question(unit_id: UUID, asked: str) -> list[str | UUID]:
    """What is bound into :data:`SAYING`. Quotation marks hold words together, ``or`` and a minus mean what they do elsewhere."""
    spelt = folded(asked)
    return [spelt, spelt, f"' unit {unit_id}'", unit_id]


def add(said: Iterable[Said]) -> set[UUID]:
    """Make what versions say searchable; one that is already stays as it is. Returns the referrals of those that were not."""
    rows = sorted(
        (each.referral_id, each.version_id, each.unit_id, place, part) for each in said for place, part in enumerate(parts(each.report))
    )
    if not rows:
        return set()
    with closing(connection.cursor()) as cursor:
        cursor.execute(_ADD, sql.by_column(rows, 5))
        return {row[0] for row in cursor}


def parts(report: Report) -> list[str]:
    """What is searched of a report, in parts; at least one."""
    whole = folded("\n".join(dict.fromkeys(_texts(report))))
    return [whole[start : start + PART] for start in range(0, min(len(whole), PART * MOST_PARTS), PART)] or [""]


def _texts(report: Report) -> Iterator[str]:
    for person in report.persons:
        if person.role is not Role.SENDER:
            yield " ".join(value for name, value in person.fields.items() if name.endswith("name"))
        yield from (each.text for each in person.passages)
    yield from (each.text for each in report.passages)
    for file in report.attachments:
        yield from (name for name in (file.name, file.original_name) if name)
        yield from (each.text for each in file.passages)
