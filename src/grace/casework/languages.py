"""In which language a referral is written: that of most of its texts, as analysers say; nothing where two are said equally often.

What a report says of the languages that a person speaks is not used: it is something about a person, not about a text.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from uuid import UUID

from django.db import connection

TELL = """
UPDATE casework_queue q SET language = told.language FROM (
    SELECT referral_id, CASE WHEN count(*) FILTER (WHERE texts = most) = 1 THEN min(language) FILTER (WHERE texts = most) ELSE '' END AS language
    FROM (
        SELECT r.referral_id, said ->> 'value' AS language, count(*) AS texts, max(count(*)) OVER (PARTITION BY r.referral_id) AS most
        FROM analysis_text_run r CROSS JOIN jsonb_array_elements(r.seen) said
        WHERE r.analyser = 'language' AND said ->> 'kind' = 'text.language' AND said ->> 'value' <> 'unknown' AND {which}
        GROUP BY r.referral_id, said ->> 'value'
    ) counted GROUP BY referral_id
) told WHERE q.referral_id = told.referral_id AND q.language <> told.language
"""
_OF_SOME = TELL.replace("{which}", "r.referral_id = ANY(%s)")


def tell(referrals: Collection[UUID]) -> None:
    """Let the queue know of these referrals in which language they are written."""
    if referrals:
        with closing(connection.cursor()) as cursor:
            cursor.execute(_OF_SOME, [list(referrals)])
