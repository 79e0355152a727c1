"""What a referral names that can be asked about elsewhere: identifiers and files, never what many share or what is only named in a text."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

SHORTEST_USER_ID = 8
"""Characters from which on an account's number alone names one account, whoever the service is: installations name services differently."""
MOST_SUBJECTS = 200
_OF = """
SELECT b.value, b.kind, CASE WHEN b.kind = 'file' THEN encode(uuid_send(b.value), 'hex') ELSE i.value END
FROM links_bearing b LEFT JOIN referrals_identifier i ON i.id = b.identifier_id
WHERE b.referral_id = %s AND b.unit_id = %s AND (b.identifier_id IS NOT NULL OR b.kind = 'file') AND NOT b.weak AND NOT b.in_text ORDER BY b.kind, b.value LIMIT %s
"""
"""A file by its MD5, which every format can state; an identifier in its normal spelling. An address without port or second may be anybody's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``value`` stands for it here (:class:`grace.links.models.Bearing`), ``text`` is its normal spelling, or a file's MD5."""

    value: UUID
    kind: str
    text: str

    @property
    def asked(self) -> bytes | None:
        """What another agency is asked, blinded: equal wherever the same is meant. None where it means different things elsewhere."""
        return spelt(self.kind, self.text)


def spelt(kind: str, text: str) -> bytes | None:
    """A kind and a normal spelling as they are asked about between agencies."""
    if kind == "user_id" and len(text) < SHORTEST_USER_ID:
        return None
    return f"grace-subject-1\0{kind}\0{text}".encode("utf-8", "surrogatepass")


def subjects_of(unit_id: UUID, referral_id: UUID) -> Sequence[Subject]:
    """The subjects of a unit's referral, at most 200; none for a referral of another unit."""
    with closing(connection.cursor()) as cursor:
        cursor.execute(_OF, [referral_id, unit_id, MOST_SUBJECTS])
        return [Subject(*row) for row in cursor]
