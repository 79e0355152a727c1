"""Fetching lists: page by page, each page one transaction with its ledger entry and the place where the reading stands.

A worker that dies in the middle, or a server that goes away, costs at most the page that was on its way: the next try goes on
behind the last page that was committed.
"""

from __future__ import annotations

from time import monotonic
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.kernel.errors import GraceError
from grace.matching import feeds, hash_sharing
from grace.matching.feeds import Step
from grace.matching.hash_sharing import Fetch
from grace.matching.lists import locked
from grace.matching.models import Feed
from grace.pipeline import jobs
from grace.pipeline.consult import refusals_told
from grace.pipeline.lists import PURPOSE, record, require_one

ACTOR = "system:lists"
LONGEST = 60.0
"""Seconds after which a job of fetching makes way for others and goes on as a new one."""


def add(viewer: Viewer, list_id: UUID, address: str, secret_name: str, every_minutes: int = 60) -> Feed:
    """Fetch a list from an address from now on; the first time at once."""
    with refusals_told(viewer, "list.feed", f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        found = feeds.add(locked(list_id), address, secret_name, every_minutes)
        record(viewer, "list.feed", list_id, {"state": "on", "minutes": str(every_minutes)})
        fetch_later(list_id)
    return found


def end(viewer: Viewer, list_id: UUID) -> Feed:
    """Fetch a list no longer."""
    with refusals_told(viewer, "list.feed", f"list:{list_id}"):
        require_one(viewer, list_id)
    with transaction.atomic():
        found = feeds.end(list_id)
        record(viewer, "list.feed", list_id, {"state": "off"})
    return found


def fetch_now(viewer: Viewer, list_id: UUID) -> None:
    """Fetch a list as soon as a worker is free."""
    with refusals_told(viewer, "list.fetch", f"list:{list_id}"):
        require_one(viewer, list_id)
        feeds.of_list(list_id)
    with transaction.atomic():
        record(viewer, "list.fetch", list_id, {})
        fetch_later(list_id)


def fetch_later(list_id: UUID) -> None:
    """Defer the fetching of a list: one job at a time for each."""
    app.configure_task("pipeline.fetch_list", queue="feeds", lock=f"feed:{list_id}").defer(hash_list=str(list_id))


def defer_due() -> None:
    """Defer the fetching of every list whose time has come."""
    with transaction.atomic():
        for list_id in feeds.due():
            fetch_later(list_id)


def fetch_for_a_while(list_id: UUID, fetch: Fetch = hash_sharing.fetch) -> None:
    """Fetch page by page; where the round takes long, the rest follows as a job of its own."""
    until = monotonic() + LONGEST
    while True:
        step = fetch_page(list_id, fetch)
        if step is None or not step.goes_on:
            return
        if monotonic() > until:
            with transaction.atomic():
                fetch_later(list_id)
            return


def fetch_page(list_id: UUID, fetch: Fetch = hash_sharing.fetch) -> Step | None:
    """Fetch the next page and put it onto its list; None where that failed, which is remembered, or the list is not fetched any more."""
    feed = Feed.objects.filter(hash_list_id=list_id, is_on=True).first()
    if feed is None:
        return None
    asked = feeds.next_round(feed)
    try:
        fetched = fetch(feeds.access(feed.address, feed.secret_name), asked.since, asked.until, asked.following)
    except GraceError as fault:
        with transaction.atomic():
            found = feeds.fail(list_id, str(fault))
            detail = {"failures": str(found.failures)}
            ledger.record(Line(Kind.COLLECTION, "list.fetch-failed", ACTOR, PURPOSE, (f"list:{list_id}",), detail))
        return None
    with transaction.atomic():
        step = feeds.take(list_id, asked, fetched, ACTOR)
        counts = step.counts
        added, removed = sum(counts.added.values()), sum(counts.removed.values())
        detail = {"entries": str(fetched.entries), "added": str(added), "removed": str(removed), "refused": str(step.faults)}
        if fetched.entries:
            ledger.record(Line(Kind.COLLECTION, "list.fetch", ACTOR, PURPOSE, (f"list:{list_id}",), detail))
        if counts.is_change:
            jobs.follow_lists()
    return step
