"""Idempotency keys: a request sent twice under one key is answered twice and done once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from grace.api.models import Answered
from grace.kernel import clock
from grace.kernel.errors import Conflict, GraceError, Invalid

HEADER = "Idempotency-Key"
KEPT = timedelta(days=2)
_KEY = re.compile(r"^[\x21-\x7e]{1,200}$")

Answer = tuple[int, dict[str, Any]]


def once(asking: UUID, key: str | None, request: bytes, work: Callable[[], Answer]) -> Answer:
    """Do ``work`` unless this key was answered before; raises ``Conflict`` where the key came with another request.

    ``request`` tells requests apart: a digest of what was asked. The answer is kept in the transaction of the work:
    after a crash either both are there or neither. Two requests with one key at the same time wait for each other.
    Without a key the work is simply done.
    """
    if key is None:
        return work()
    if not _KEY.match(key):
        raise Invalid(f"{HEADER} has 1 to 200 visible ASCII characters.")
    with transaction.atomic():
        answer = _once(asking, key, hashlib.sha256(request).digest(), work)
    if isinstance(answer, GraceError):
        raise answer
    return answer


def _once(asking: UUID, key: str, digest: bytes, work: Callable[[], Answer]) -> Answer | GraceError:
    """An expected failure is handed back, not raised: what the verb did is undone, but the ledger's entry of the attempt must be committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{asking}:{key}"])
    earlier = Answered.objects.filter(token_id=asking, key=key, answered_at__gt=clock.now() - KEPT).first()
    if earlier is not None:
        if bytes(earlier.request) != digest:
            return Conflict("This key came with another request before.", remedy=f"Use a new {HEADER} for a new request.")
        return earlier.status, earlier.answer
    try:
        status, answer = work()
    except GraceError as fault:
        return fault
    Answered.objects.update_or_create(
        token_id=asking, key=key, defaults={"request": digest, "status": status, "answer": answer, "answered_at": clock.now()}
    )
    return status, answer


def prune() -> int:
    """Forget answers that are older than they have to be kept; how many."""
    forgotten, _by_table = Answered.objects.filter(answered_at__lte=clock.now() - KEPT).delete()
    return forgotten
