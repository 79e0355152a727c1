"""Lists that are fetched again and again: where from, where the reading stands, and one page of it at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from grace.host.environment import is_webhook
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.matching.change import Change, Counts
from grace.matching.formats.item import Fault, Gone, Item
from grace.matching.hash_sharing import Access, Fetched
from grace.matching.lists import locked
from grace.matching.meaning import Meaning
from grace.matching.models import Feed, HashList

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
BEHIND = timedelta(seconds=5)
"""A round ends a little before now, because a server may still be writing what belongs to the present second."""
OVERLAP = timedelta(minutes=1)
"""A round begins a little before the last one ended: what is told twice changes nothing."""
LASTS = timedelta(hours=12)
"""How long the address of a next page is believed; then the round begins anew."""
PAUSES = (1, 2, 5, 15, 60)
"""Minutes to wait after the first, second … failure in a row."""
CATEGORY = "NCMEC"
MOST_FAULT = 500
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class Round:
    """What to ask for next: the span, and the page where it goes on."""

    since: datetime
    until: datetime
    following: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a page did: the counts, how many faults there were, and whether the round goes on."""

    counts: Counts
    faults: int
    goes_on: bool


def add(hash_list: HashList, address: str, secret_name: str, every_minutes: int = 60) -> Feed:
    """Fetch a locked list from an address from now on. Raises :class:`Invalid` and :class:`Conflict`."""
    if hash_list.is_own or hash_list.meaning != Meaning.ALERT:
        raise Conflict(_("Only an alert list that is not your own can be fetched."), remedy=_("Make a list for it."))
    if not is_webhook(address):
        raise Invalid(_("The address of a list begins with https://, or is one on this machine itself."))
    if not _NAME.fullmatch(secret_name):
        raise Invalid(_("The name of a secret has lower-case letters, digits and hyphens."))
    if not 1 <= every_minutes <= 10_080:
        raise Invalid(_("A list is fetched every 1 to 10,080 minutes."))
    access(address, secret_name)
    feed, _made = Feed.objects.update_or_create(
        hash_list=hash_list,
        defaults={
            "address": address.rstrip("/"),
            "secret_name": secret_name,
            "every_minutes": every_minutes,
            "is_on": True,
            "due_at": now(),
        },
    )
    return feed


def end(list_id: UUID) -> Feed:
    """Fetch a list no longer; what it holds stays. Raises :class:`Missing`."""
    feed = of_list(list_id)
    feed.is_on = False
    feed.save(update_fields=["is_on"])
    return feed


def of_list(list_id: UUID) -> Feed:
    """The feed of a list. Raises :class:`Missing`."""
    found = Feed.objects.select_related("hash_list").filter(hash_list_id=list_id).first()
    if found is None:
        raise Missing(_("This list is not fetched from anywhere."))
    return found


def access(address: str, secret_name: str) -> Access:
    """Where from and as whom; the secret's file holds ``name:password``. Raises :class:`Invalid`."""
    file = Path(settings.GRACE_LIST_SECRETS) / f"{secret_name}.secret"
    try:
        user, colon, password = file.read_text(encoding="utf-8").strip().partition(":")
    except (OSError, UnicodeDecodeError):
        user, colon, password = "", "", ""
    if not (user and colon and password):
        raise Invalid(
            _("The secret “%(name)s” cannot be read.") % {"name": secret_name},
            remedy=_("Write name:password into %(name)s.secret in the folder GRACE_LIST_SECRETS.") % {"name": secret_name},
        )
    return Access(address, user, password)


def due() -> list[UUID]:
    """The lists whose time has come."""
    return list(Feed.objects.filter(is_on=True, due_at__lte=now()).order_by("due_at").values_list("hash_list_id", flat=True))


def next_round(feed: Feed) -> Round:
    """What to ask for: the page where an unfinished round goes on, or a new round up to now."""
    moment = now().replace(microsecond=0)
    is_fresh = feed.following_at is not None and moment - feed.following_at < LASTS
    since = max(BEGINNING, feed.until - OVERLAP) if feed.until else BEGINNING
    if feed.following and feed.round_until and is_fresh:
        return Round(since, feed.round_until, feed.following)
    return Round(since, moment - BEHIND, "")


def take(list_id: UUID, asked: Round, fetched: Fetched, by: str) -> Step:
    """Put a page onto its list and remember where the reading stands: both or neither."""
    hash_list = locked(list_id)
    change = Change(hash_list, by, "taken-back", is_whole=True)
    faults = 0
    default = hash_list.default_category or CATEGORY
    for told in fetched.told:
        match told:
            case Item():
                change.add(Item(told.number, told.digests, told.category or default, told.source, told.note, told.key, told.facts))
            case Gone():
                change.take_back(told)
            case Fault():
                faults += 1
    counts = change.finish()
    feed = Feed.objects.select_for_update().get(hash_list=hash_list)
    moment = now()
    feed.pages, feed.items = (feed.pages, feed.items) if asked.following else (0, 0)
    feed.pages, feed.items = feed.pages + 1, feed.items + fetched.entries
    feed.following, feed.following_at, feed.round_until = fetched.following, moment, asked.until
    feed.tried_at, feed.failures, feed.failed_because = moment, 0, ""
    if not fetched.following:
        feed.until, feed.round_until, feed.succeeded_at = asked.until, None, moment
        feed.due_at = moment + timedelta(minutes=feed.every_minutes)
    feed.save()
    return Step(counts, faults, bool(fetched.following))


def fail(list_id: UUID, why: str) -> Feed:
    """Remember a failure, and when to try again: what was fetched so far stays, and the round goes on where it was."""
    feed = Feed.objects.select_for_update().get(hash_list_id=list_id)
    feed.failures += 1
    feed.failed_because = why[:MOST_FAULT]
    feed.tried_at = now()
    feed.due_at = feed.tried_at + timedelta(minutes=PAUSES[min(feed.failures, len(PAUSES)) - 1])
    if feed.failures % 3 == 0:  # a page that cannot be had again and again: begin the round anew
        feed.following, feed.round_until = "", None
    feed.save()
    return feed


def shown(unit_id: UUID | None, *, everywhere: bool = False) -> list[Feed]:
    """The feeds of lists that serve a unit."""
    serving = Q() if everywhere else Q(hash_list__unit=None) | Q(hash_list__unit_id=unit_id)
    return list(Feed.objects.filter(serving).select_related("hash_list").order_by("hash_list__name"))
