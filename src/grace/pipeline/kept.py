"""Searches that are kept: kept, changed and forgotten by officers and programs; compared with what is news by a job.

    intake, examination ─▶ note ─▶ match (one job of a unit at a time) ─▶ hits, alerts, ledger ─▶ (job: alerts go out)

Notes go, and hits and alerts come, in one transaction: a crash loses none and says none twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from grace.accounts.viewer import Viewer
from grace.casework import alerts, search_narrow
from grace.casework.kept import keep as casework
from grace.casework.kept.keep import Hit, Kept, Wish
from grace.casework.kept.match import Matched, match
from grace.casework.kept_models import KeptSearch
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel import clock
from grace.pipeline import jobs
from grace.pipeline.consult import MOST_SUBJECTS, consult, query_digest, refusals_told

ACTOR = "system:kept-searches"
BATCH = 1_000
"""Referrals that one transaction compares at most."""


def keep(viewer: Viewer, wish: Wish, *, officer: UUID | None = None) -> KeptSearch:
    """Keep a search; see :func:`grace.casework.kept.keep.keep`."""
    with refusals_told(viewer, "search.keep"), transaction.atomic():
        made = casework.keep(viewer, wish, clock.now(), officer=officer)
        _tell(viewer, "search.keep", made)
        return made


def change(viewer: Viewer, search_id: UUID, wish: Wish) -> KeptSearch:
    """Change a kept search; see :func:`grace.casework.kept.keep.change`."""
    with refusals_told(viewer, "search.change", f"kept-search:{search_id}"), transaction.atomic():
        changed = casework.change(viewer, search_id, wish, clock.now())
        _tell(viewer, "search.change", changed)
        return changed


def forget(viewer: Viewer, search_id: UUID) -> KeptSearch:
    """Forget a kept search and its hits; the ledger goes on saying that there was one."""
    with refusals_told(viewer, "search.forget", f"kept-search:{search_id}"), transaction.atomic():
        gone = casework.forget(viewer, search_id)
        _tell(viewer, "search.forget", gone)
        return gone


def kept(viewer: Viewer, *, after: str = "", most: int = 100) -> tuple[list[Kept], str]:
    """The kept searches that the viewer may see."""
    return consult(
        viewer,
        "search.list-kept",
        lambda: casework.kept(viewer, clock.now(), after=after, most=most),
        lambda found: (f"kept-search:{each.it.id}" for each in found[0]),
    )


def read(viewer: Viewer, search_id: UUID, *, behind: int = 0, most: int = 50) -> tuple[Kept, list[Hit], int]:
    """A kept search with a page of its hits, which the viewer has seen then."""

    def read_it() -> tuple[Kept, list[Hit], int]:
        found = casework.read(viewer, search_id, clock.now(), behind=behind, most=most)
        casework.see(viewer, found[0].it)
        return found

    def shown(found: tuple[Kept, list[Hit], int]) -> Iterator[str]:
        yield f"kept-search:{found[0].it.id}"
        yield from (f"referral:{each.hit.row.referral_id}" for each in found[1])

    return consult(viewer, "search.read-kept", read_it, shown)


def one(viewer: Viewer, search_id: UUID) -> KeptSearch:
    """A kept search that the viewer may see, without its hits."""
    return consult(viewer, "search.read-kept", lambda: casework.one(viewer, search_id), lambda found: [f"kept-search:{found.id}"])


def match_waiting(unit_id: UUID) -> int:
    """Compare all that is news in a unit, batch by batch, each in a transaction of its own; how many notes there were."""
    whole = 0
    while (taken := _match(unit_id)) > 0:
        whole += taken
    return whole


@transaction.atomic
def _match(unit_id: UUID) -> int:
    now = clock.now()
    found = match(unit_id, now, BATCH)
    if found.searches:
        ledger.record(*_lines(unit_id, found))
    if found.hits:
        _alert(unit_id, found, now)
    return found.taken


def _alert(unit_id: UUID, found: Matched, now: datetime) -> None:
    alerts.raise_for_kept(unit_id, {search.id: len(referrals) for search, referrals in found.hits.items()}, now)
    jobs.send_alerts()


def _lines(unit_id: UUID, found: Matched) -> Iterator[Line]:
    """That the searches were run, in one entry for all; and of each that found something what it found, for whom."""
    counted = {"searches": str(found.searches), "referrals": str(found.taken)}
    yield Line(Kind.CONSULTATION, "search.watch", ACTOR, "triage", (f"unit:{unit_id}",), counted)
    for search, referrals in sorted(found.hits.items(), key=lambda each: each[0].id):
        audience = f"unit:{unit_id}" if search.for_unit else search.kept_by
        for start in range(0, len(referrals), MOST_SUBJECTS - 1):
            part = tuple(f"referral:{each}" for each in referrals[start : start + MOST_SUBJECTS - 1])
            subjects = (f"kept-search:{search.id}", *part)
            yield Line(Kind.CONSULTATION, "search.hit", ACTOR, search.purpose, subjects, {"owner": search.kept_by}, recipient=audience)


def _tell(viewer: Viewer, act: str, search: KeptSearch) -> None:
    detail = {"owner": search.kept_by, "query": query_digest([search.text, asdict(search_narrow.of(search))])}
    ledger.record(Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (f"kept-search:{search.id}",), detail))
