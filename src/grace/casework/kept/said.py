"""What a batch of referrals says, met with the terms of all kept searches: a look-up for each thing said, however many are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.casework.kept_models import KeptTerm
from grace.kernel import sql

Pair = tuple[UUID, UUID, str]
"""A kept search, a referral, and the way by which the one hit the other."""

_BEGIN = frozenset({"report", "identifier"})
"""Ways of which a term is a beginning: it is looked up once for each length that a term has."""

_SAID = """
WITH came AS MATERIALIZED (SELECT r.id, r.number, r.external FROM referrals_referral r WHERE r.id = ANY(%(referrals)s) AND r.unit_id = %(unit)s)
SELECT id, 'number', number::text FROM came
UNION ALL SELECT id, 'report', lower(external) FROM came
UNION ALL (SELECT DISTINCT v.referral_id, 'identifier', left(i.value, 200) FROM came JOIN referrals_version v ON v.referral_id = came.id
    JOIN referrals_sighting g ON g.version_id = v.id JOIN referrals_identifier i ON i.id = g.identifier_id)
UNION ALL SELECT a.referral_id, told.way, told.name || encode(told.value, 'hex') FROM came JOIN referrals_attachment a ON a.referral_id = came.id,
    LATERAL (VALUES ('digest', 'md5:', a.md5), ('digest', 'sha1:', a.sha1), ('digest', 'sha256:', a.sha256), ('digest', 'pdq:', a.pdq),
        ('picture', '', a.pdq)) AS told (way, name, value) WHERE told.value IS NOT NULL
"""
_WORDS = """
SELECT w.id, told.word FROM referrals_words w, LATERAL UNNEST(tsvector_to_array(w.words)) AS told (word)
WHERE w.referral_id = ANY(%s) AND w.unit_id = %s AND told.word = ANY(%s)
"""
_PARTS = "SELECT id FROM referrals_words WHERE referral_id = ANY(%s) AND unit_id = %s"
_ANSWER = """
WITH asked AS MATERIALIZED (SELECT id, websearch_to_tsquery('simple', spelt) AS question FROM casework_kept_search WHERE id = ANY(%s))
SELECT DISTINCT asked.id, w.referral_id, 'words' FROM UNNEST(%s::bigint[], %s::uuid[]) AS told (part, search_id)
JOIN asked ON asked.id = told.search_id JOIN referrals_words w ON w.id = told.part WHERE w.words @@ asked.question
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of kept searches: by way and value the searches that have it."""

    by_way: Mapping[str, Mapping[str, list[UUID]]]

    @classmethod
    def of(cls, searches: Collection[UUID]) -> Terms:
        """The terms of these searches."""
        found: dict[str, dict[str, list[UUID]]] = {}
        for search, way, value in KeptTerm.objects.filter(search_id__in=searches).values_list("search_id", "way", "value"):
            found.setdefault(way, {}).setdefault(value, []).append(search)
        return cls(found)

    def by(self, way: str) -> Mapping[str, list[UUID]]:
        """By value the searches that have a term of this way."""
        return self.by_way.get(way, {})


def pairs(unit_id: UUID, terms: Terms, referrals: Collection[UUID]) -> Iterator[Pair]:
    """What hits by what the referrals say: numbers, identifiers, digests that are stated, words."""
    if referrals and terms.by_way:
        yield from _by_values(unit_id, terms, referrals)
        yield from _by_words(unit_id, terms, referrals)


def _by_values(unit_id: UUID, terms: Terms, referrals: Collection[UUID]) -> Iterator[Pair]:
    longs = {way: sorted({len(value) for value in terms.by(way)}) for way in _BEGIN}
    with closing(connection.cursor()) as cursor:
        cursor.execute(_SAID, {"referrals": list(referrals), "unit": unit_id})
        said: list[tuple[UUID, str, str]] = cursor.fetchall()
    for referral, way, value in said:
        wanted = terms.by(way)
        told = {value[:long] for long in longs[way] if long <= len(value)} if way in _BEGIN else (value,)
        yield from ((search, referral, way) for each in told for search in wanted.get(each, ()))


def _by_words(unit_id: UUID, terms: Terms, referrals: Collection[UUID]) -> Iterator[Pair]:
    words, of_all = terms.by("words"), [search for some in terms.by("any").values() for search in some]
    with closing(connection.cursor()) as cursor:
        asked: set[tuple[int, UUID]] = set()
        if words:
            cursor.execute(_WORDS, [list(referrals), unit_id, list(words)])
            asked |= {(part, search) for part, word in cursor.fetchall() for search in words[word]}
        if of_all:
            cursor.execute(_PARTS, [list(referrals), unit_id])
            asked |= {(part, search) for (part,) in cursor.fetchall() for search in of_all}
        if asked:
            cursor.execute(_ANSWER, [list({search for _part, search in asked}), *sql.by_column(asked, 2)])
            yield from cursor.fetchall()
