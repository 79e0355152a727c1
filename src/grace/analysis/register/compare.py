"""Two models side by side on the files and texts that both have seen, promoted or in shadow: where they agree, which they tell apart, and who is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.analysis.models import Verdict
from grace.analysis.register.keep import Kept

MOST_COMPARED = 100_000
_BOTH = """
WITH newest AS (
    SELECT DISTINCT ON (model_id, thing, sha256) model_id, coalesce(file_id, referral_id) AS thing, sha256, scores
    FROM analysis_inference WHERE model_id = ANY(%s) ORDER BY model_id, thing, sha256, at DESC, id DESC
)
SELECT thing, sha256, a.scores, b.scores FROM newest a JOIN newest b USING (thing, sha256)
WHERE a.model_id = %s AND b.model_id = %s ORDER BY thing, sha256 LIMIT %s
"""
_LABELS = """
SELECT coalesce(file_id, referral_id), sha256, substr(kind, 7), min(verdict), max(verdict) FROM analysis_label
WHERE (file_id = ANY(%s) OR referral_id = ANY(%s)) AND kind = ANY(%s) GROUP BY file_id, referral_id, sha256, kind
"""  # class.TERM, as in infer.KIND
Thing = tuple[UUID, bytes]
"""A file, or a referral with the digest of one of its texts."""


@dataclass(frozen=True, slots=True)
class Told:
    """Of files and texts about which officers say the same of a term: how many, and on how many each model tells the term."""

    files: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Beside:
    """One term: on how many files and texts both tell it, only the first, only the second, neither; and what they tell where officers spoke.

    ``right`` are files of which officers said that it is there, ``wrong`` of which they said that it is not. They were asked about
    what a model had told them, so that what no model told is in neither.
    """

    term: str
    both: int
    first: int
    second: int
    neither: int
    right: Told
    wrong: Told


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it: how many files and texts both have seen, each term, and the files, and referrals by their texts, on which they do not tell the same."""

    files: int
    terms: Sequence[Beside]
    differ: Sequence[UUID]


def compare(first: Kept, second: Kept) -> Compared:
    """Compare by what was kept: nothing is computed. A term that one model does not know is never told by it."""
    with connection.cursor() as cursor:
        cursor.execute(_BOTH, [[first.row.id, second.row.id], first.row.id, second.row.id, MOST_COMPARED])
        rows = [((of, bytes(text)), told_by(first, _numbers(a)), told_by(second, _numbers(b))) for of, text, a, b in cursor.fetchall()]
    terms = sorted({label.term for kept in (first, second) for label in kept.passport.labels if label.term})
    counted: Mapping[str, Counter[tuple[bool, bool]]] = {term: Counter((term in a, term in b) for _, a, b in rows) for term in terms}
    said = _said([thing[0] for thing, _, _ in rows], terms)
    beside = [
        Beside(
            term,
            *(seen[True, True], seen[True, False], seen[False, True], seen[False, False]),
            *(_told(term, [row for row in rows if said.get((row[0], term)) == verdict]) for verdict in (Verdict.RIGHT, Verdict.WRONG)),
        )
        for term, seen in counted.items()
    ]
    return Compared(len(rows), beside, list(dict.fromkeys(thing[0] for thing, a, b in rows if a != b)))


def _said(some: Sequence[UUID], terms: Sequence[str]) -> Mapping[tuple[Thing, str], str]:
    """What officers say of a term and a file or text; where they disagree it is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, [list(some), list(some), [f"class.{term}" for term in terms]])
        return {((of, bytes(text)), term): least for of, text, term, least, most in cursor.fetchall() if least == most}


def _told(term: str, rows: Sequence[tuple[Thing, frozenset[str], frozenset[str]]]) -> Told:
    return Told(len(rows), sum(term in a for _, a, _ in rows), sum(term in b for _, _, b in rows))


def told_by(kept: Kept, scores: Sequence[float]) -> frozenset[str]:
    """The terms that these scores amount to."""
    return frozenset(
        label.term for label, score in zip(kept.passport.labels, scores, strict=True) if label.term and score >= label.threshold
    )


def _numbers(told: object) -> list[float]:
    import json

    found: list[float] = json.loads(told) if isinstance(told, str) else told  # type: ignore[assignment]  # as the driver gives jsonb
    return found
