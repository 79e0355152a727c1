"""Versions of before something was looked for in them: told again by what is kept of them, and completed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from grace.intake.feedback import Remark, kept, stored
from grace.intake.recall import recall
from grace.kernel import sql
from grace.referrals.reconcile import unpacked
from grace.sdk.intake import Leaf, Report

_HOLD = "SELECT id FROM referrals_referral WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED"
_VERSIONS = """
SELECT v.referral_id, v.id, v.ordinal, v.format, v.replaced_at IS NULL, v.remarks, v.canonical FROM referrals_version v
WHERE v.referral_id = ANY(%s) ORDER BY v.referral_id, v.ordinal DESC
"""
_FILES = "SELECT version_id, path, state FROM referrals_attachment WHERE version_id = ANY(%s) ORDER BY version_id, ordinal"
_NOTE = """
UPDATE referrals_version v SET remarks = told.remarks::jsonb FROM UNNEST(%s::uuid[], %s::text[]) AS told (id, remarks)
WHERE v.id = told.id AND v.remarks IS NULL
"""


_ROOT = re.compile(r"/[^/\[\]]+")


@dataclass(frozen=True, slots=True)
class Older:
    """One version: what it says, path and state of each of its files, and what it lacked, None where nobody looked."""

    referral_id: UUID
    version_id: UUID
    ordinal: int
    format: str
    stands: bool
    remarks: tuple[Remark, ...] | None
    report: Report
    files: Sequence[tuple[str, str]]


def versions_of(referrals: Sequence[UUID]) -> dict[UUID, list[Older]]:
    """All versions of referrals, the newest first, in the caller's transaction.

    The referrals are held until it ends, so that no further document is recorded beside what is read here. One that is just
    being written is passed over, for whoever waits for nobody can stand in nobody's way.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(_HOLD, [list(referrals)])
        held = [row[0] for row in cursor]
        cursor.execute(_VERSIONS, [held])
        rows = cursor.fetchall()
        cursor.execute(_FILES, [[row[1] for row in rows]])
        files: dict[UUID, list[tuple[str, str]]] = {}
        for version, path, state in cursor:
            files.setdefault(version, []).append((path, state))
    found: dict[UUID, list[Older]] = {}
    for referral, version, ordinal, form, stands, remarks, canonical in rows:
        looked = None if remarks is None else kept(json.loads(remarks) if isinstance(remarks, str) else remarks)
        report = _report(unpacked(canonical))
        found.setdefault(referral, []).append(Older(referral, version, ordinal, form, stands, looked, report, files.get(version, ())))
    return found


def note(found: Mapping[UUID, Sequence[Remark]]) -> None:
    """Keep what versions lacked, by their id; what was kept when they came is never written over."""
    rows = [(version, json.dumps(stored(remarks), ensure_ascii=False)) for version, remarks in found.items()]
    if rows:
        with closing(connection.cursor()) as cursor:
            cursor.execute(_NOTE, sql.by_column(rows, 2))


def _report(told: dict[str, Any]) -> Report:
    """The report with those of its leaves that its format did not know: they are counted, and their values are not needed."""
    leaves = told["leaves"]
    root = _ROOT.match(leaves[0]["path"]) if leaves else None  # of an XML document; everything else begins at ``$``
    unknown = tuple(Leaf(each["path"], "", known=False) for each in leaves if not each["known"])
    return replace(recall(told), path=root[0] if root else "$", leaves=unknown)
