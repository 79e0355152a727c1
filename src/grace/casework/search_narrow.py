"""The facets of a search: by what its hits are narrowed, and how many there would be for each value of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from grace.casework.kept_models import KeptSearch
from grace.casework.models import QueueRow
from grace.kernel import sql
from grace.kernel.errors import Invalid
from grace.routing.countries import states
from grace.routing.words import EUROPOL

Bound = str | int | UUID | datetime
"""What is bound into a condition."""

WINDOWS = (1, 7, 30, 365)
"""Days back from now that are counted."""
FILES = ("known", "near", "new", "unchecked", "none")
"""What the lists say of any of a referral's files; ``none``: it has no files."""

_COUNTED: Mapping[str, str] = {
    "status": "SELECT status AS key, count(*) AS n FROM met WHERE {rest} GROUP BY status",
    "sender": "SELECT sender_id::text, count(*) FROM met WHERE {rest} GROUP BY sender_id",
    "kind": "SELECT incident_kind, count(*) FROM met WHERE {rest} GROUP BY incident_kind",
    "state": "SELECT told, count(*) FROM met CROSS JOIN jsonb_array_elements_text(recipients) told WHERE {rest} GROUP BY told",
    "received": "SELECT told.key, told.n FROM (SELECT {windows} FROM met WHERE {rest}) counted, LATERAL (VALUES {of_windows}) AS told (key, n) WHERE told.n > 0",
    "files": "SELECT told.key, told.n FROM (SELECT {files} FROM met WHERE {rest}) counted, LATERAL (VALUES {of_files}) AS told (key, n) WHERE told.n > 0",
}
_WITHOUT = "NOT q.summary @? '$.files ? (@ > 0)'"
FITS = f"""(s.status = '' OR q.status = s.status) AND (s.sender IS NULL OR q.sender_id = s.sender) AND (s.kind = '' OR q.incident_kind = s.kind)
AND (s.state = '' OR q.recipients ? s.state)
AND (s.since IS NULL OR q.received_at >= s.since::timestamp AT TIME ZONE 'UTC')
AND (s.until IS NULL OR q.received_at < (s.until + 1)::timestamp AT TIME ZONE 'UTC')
AND (s.files = '' OR CASE WHEN s.files = 'none' THEN {_WITHOUT} ELSE q.summary ? s.files END)"""
"""The same conditions for many kept searches ``s`` at once, on a row ``q`` of the queue."""
OF_FILES = f"""q.summary ? 'known' AS has_known, q.summary ? 'near' AS has_near, q.summary ? 'new' AS has_new, q.summary ? 'unchecked' AS has_unchecked,
{_WITHOUT} AS has_none"""
"""What the lists say of the files of a row ``q`` of the queue, as columns."""
_EACH = "SELECT '{facet}', key, n, '' FROM ({counted}) AS counted (key, n)"
FACETS = tuple(_COUNTED)


@dataclass(frozen=True, slots=True)
class Narrow:
    """What hits are narrowed to; what is empty narrows nothing. ``since`` and ``until`` are days, UTC, both included."""

    status: str = ""
    sender: UUID | None = None
    kind: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None
    files: str = ""


def of(kept: KeptSearch) -> Narrow:
    """The filters of a kept search."""
    return Narrow(**{each.name: getattr(kept, each.name) for each in fields(Narrow)})


def write(kept: KeptSearch, narrow: Narrow) -> None:
    """Let a kept search have these filters."""
    for each in fields(narrow):
        setattr(kept, each.name, getattr(narrow, each.name))


def conditions(narrow: Narrow) -> dict[str, tuple[str, list[Bound]]]:
    """By facet the condition on a row of the queue, and what is bound into it. Raises :class:`Invalid` for a value that cannot be."""
    if narrow.status and narrow.status not in set(QueueRow.Status):
        raise Invalid(_("There is no such status."), remedy=_("Choose open, taken or closed."))
    if narrow.state and narrow.state != EUROPOL and narrow.state not in states():
        raise Invalid(_("There is no such state."), remedy=_("Write its two letters, such as AT (ISO 3166-1), or europol."))
    if narrow.files and narrow.files not in FILES:
        raise Invalid(_("There is no such filter for files."), remedy=_("Choose one of: %(names)s.") % {"names": ", ".join(FILES)})
    return {
        "status": _if(narrow.status, "q.status = %s"),
        "sender": _if(narrow.sender, "q.sender_id = %s"),
        "kind": _if(narrow.kind, "q.incident_kind = %s"),
        "state": _if(narrow.state, "q.recipients ? %s"),
        "received": _between(narrow.since, narrow.until),
        "files": (_WITHOUT, []) if narrow.files == "none" else _if(narrow.files, "q.summary ? %s"),
    }


def all_but(facet: str) -> str:
    """That a row of ``met`` fits all facets but one."""
    return " AND ".join(f"in_{each}" for each in FACETS if each != facet)


def counting() -> Iterator[str]:
    """For each facet its counts among what fits all the others."""
    windows = {str(days): f"received_at > (SELECT now() - interval '{days} days')" for days in WINDOWS}
    files = {name: f"has_{name}" for name in FILES}
    parts = {"windows": _filtered(windows), "of_windows": _named(windows), "files": _filtered(files), "of_files": _named(files)}
    for facet, counted in _COUNTED.items():
        yield sql.fill(_EACH, facet=facet, counted=sql.fill(counted, rest=all_but(facet), **parts))


def _filtered(conditions: Mapping[str, str]) -> str:
    """One count for each condition, all in one walk over the rows."""
    return ", ".join(f"count(*) FILTER (WHERE {condition}) AS n{place}" for place, condition in enumerate(conditions.values()))


def _named(conditions: Mapping[str, str]) -> str:
    return ", ".join(f"('{name}', counted.n{place})" for place, name in enumerate(conditions))


def _if(value: str | UUID | None, condition: str) -> tuple[str, list[Bound]]:
    return (condition, [value]) if value else ("true", [])


def _between(since: date | None, until: date | None) -> tuple[str, list[Bound]]:
    if since and until and since > until:
        raise Invalid(_("The first day is behind the last."), remedy=_("Exchange the two."))
    parts: list[str] = []
    values: list[Bound] = []
    if since:
        parts.append("q.received_at >= %s")
        values.append(datetime.combine(since, time.min, UTC))
    if until:
        parts.append("q.received_at < %s")
        values.append(datetime.combine(until, time.min, UTC) + timedelta(days=1))
    return " AND ".join(parts) or "true", values
