"""What we answer other agencies: the tags of what is worked on here, and the evaluation of their blinded questions.

Each agency has a key of its own for each week, so that what one was given is of no use to another, nor next week. Tags tell nothing
without an evaluation, and evaluations are counted: nobody can try out all telephone numbers there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection

from grace.agencies.identity import own
from grace.agencies.models import Agency
from grace.exchange import blind
from grace.exchange.errors import Rejected
from grace.exchange.models import TagSet

MOST_A_DAY = 2_000
"""Evaluations for one agency on one day (UTC): what officers ask, not what a list asks."""
MOST_AT_ONCE = 200
PADDED_TO = 1_024
"""Tags are filled up to a multiple of so many, with ones that stay the same: how much is worked on here is not told either."""
_COUNTED = """
INSERT INTO exchange_evaluated AS e (agency_id, day, number) VALUES (%s, %s, %s)
ON CONFLICT (agency_id, day) DO UPDATE SET number = e.number + excluded.number RETURNING number
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """The evaluations, in the order of the questions, and the tags that they are looked for in."""

    evaluated: Sequence[bytes]
    tags: TagSet


def epoch_of(now: datetime) -> str:
    """The week whose keys count, and of which secret of ours they are made: ``2026-W48-1a2b3c4d5e6f7a8b``."""
    year, week, _day = now.isocalendar()
    return f"{year}-W{week:02}-{sha256(own().public.signing).hexdigest()[:16]}"


def key_for(agency_id: UUID, epoch: str) -> bytes:
    """The key under which an agency is answered in a week: of our own secret key, the agency and the week."""
    secret = own().signing.private_bytes_raw()
    seed = HKDF(SHA256(), blind.ELEMENT_BYTES, salt=None, info=b"grace-questions-1").derive(secret)
    return blind.derive_key(seed, agency_id.bytes + epoch.encode())


def prepare(agency: Agency, subjects: Iterable[bytes], now: datetime) -> TagSet | None:
    """Make the tags for one agency anew; None where they are the same as before, only newer."""
    epoch = epoch_of(now)
    key = key_for(agency.id, epoch)
    tags = set(blind.tags(key, subjects))
    tags.update(blind.tags(key, (b"grace-padding-1\0%d" % n for n in range(-len(tags) % PADDED_TO or (not tags) * PADDED_TO))))
    body = b"".join(sorted(tags))
    digest = sha256(body).digest()
    if TagSet.objects.filter(agency=agency, epoch=epoch, sha256=digest).update(made_at=now):
        return None
    told = {"epoch": epoch, "body": body, "sha256": digest, "made_at": now}
    return TagSet.objects.update_or_create(agency=agency, defaults=told)[0]


def drop(agency_id: UUID) -> None:
    """Nothing is answered any more."""
    TagSet.objects.filter(agency_id=agency_id).delete()


def answer(agency: Agency, elements: Sequence[bytes], now: datetime) -> Answered:
    """Evaluate blinded questions. Raises :class:`Rejected` where none are agreed, nothing is prepared, or too many were asked today."""
    tags = _tags_for(agency, now)
    if not 0 < len(elements) <= MOST_AT_ONCE:
        raise Rejected("malformed")
    with closing(connection.cursor()) as cursor:
        cursor.execute(_COUNTED, [agency.id, now.date(), len(elements)])
        if cursor.fetchone()[0] > MOST_A_DAY:
            raise Rejected("too-many-questions")
    key = key_for(agency.id, tags.epoch)
    return Answered([blind.evaluate(key, each) for each in elements], tags)


def body_for(agency: Agency, digest: bytes, now: datetime) -> bytes:
    """The tags of this digest, sorted and one after another. Raises :class:`Rejected` where there are others by now."""
    tags = _tags_for(agency, now)
    if bytes(tags.sha256) != digest:
        raise Rejected("not-ready")
    return bytes(tags.body)


def _tags_for(agency: Agency, now: datetime) -> TagSet:
    if not agency.questions_because:
        raise Rejected("not-agreed")
    found = TagSet.objects.filter(agency=agency).first()
    if found is None or found.epoch != epoch_of(now):
        raise Rejected("not-ready")
    return found
