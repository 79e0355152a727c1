"""Analysis on demand: an officer chooses files, texts and analysers, sees the cost, watches the progress, and may cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.officers import colleagues
from grace.accounts.viewer import Viewer
from grace.analysis import orders, roll, texts
from grace.analysis.models import Order
from grace.analysis.orders import MOST_FILES, Offer
from grace.analysis.read_orders import MOST_SHOWN, OrderedFile, files_of, newest, order_of
from grace.casework import queue
from grace.casework.queue import Filters
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import holdings
from grace.kernel.errors import Invalid
from grace.pipeline import jobs
from grace.pipeline.analyse import keep, look_into
from grace.pipeline.consult import consult, refusals_told
from grace.pipeline.texts import keep as keep_texts
from grace.referrals import attachments
from grace.referrals import texts as said

MOST_REFERRALS = 2_000
"""Referrals of a search whose files one order takes."""


@dataclass(frozen=True, slots=True)
class Things:
    """What an officer names: files, and referrals whose texts are meant."""

    files: Sequence[UUID]
    referrals: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Files that the viewer's unit holds and referrals of it that have texts, how many these texts are, and what could look at all that."""

    files: Sequence[UUID]
    referrals: Sequence[UUID]
    texts: int
    offers: Sequence[Offer]
    left_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order as it stands, with some of its files, those done last first."""

    order: Order
    files: Sequence[OrderedFile]
    colleagues: Sequence[Officer]


def choose(viewer: Viewer, things: Things) -> Choice:
    """Those of the files and referrals that are the viewer's unit's, each once, with the analysers that take any of them."""
    viewer.require(Capability.DECIDE)
    mine = set(holdings.which(viewer, things.files))
    held = [file for file in dict.fromkeys(things.files) if file in mine]
    texts = said.of(viewer.unit_id, things.referrals) if things.referrals else {}
    number = sum(len(some) for some in texts.values())
    offers = orders.offers(held, number, roll.to_choose(roll.analysers()))
    return Choice(held, [each for each in dict.fromkeys(things.referrals) if each in texts], number, offers, roll.left_out())


def things_of_referrals(viewer: Viewer, referrals: Sequence[UUID]) -> Things:
    """The files that these referrals of the viewer's unit name and whose bytes are here, with those in archives, each once; and the referrals, for their texts."""
    rows = [row for start in range(0, len(referrals), queue.MOST_ROWS) for row in _rows(viewer, referrals[start : start + queue.MOST_ROWS])]
    named = attachments.with_members(attachments.of(rows))
    return Things(list(dict.fromkeys(each.file_id for row in rows for each in named[row] if each.file_id)), rows)


def referrals_found(viewer: Viewer, filters: Filters) -> list[UUID]:
    """The referrals that a search of the queue finds, in rank order, at most :data:`MOST_REFERRALS`."""
    found: list[UUID] = []
    after = ""
    while len(found) < MOST_REFERRALS:
        page = queue.page(viewer, filters, after=after, most=queue.MOST_ROWS)
        found += [row.referral_id for row in page.rows]
        after = page.after
        if not after:
            break
    return found[:MOST_REFERRALS]


def order(viewer: Viewer, things: Things, analysers: Sequence[str]) -> Order:
    """Place an order; work on it begins as soon as a worker is free. What is not the unit's is not in it, nor is what none of the analysers takes."""
    with refusals_told(viewer, "analysis.order", f"unit:{viewer.unit_id}"), transaction.atomic():
        choice = choose(viewer, Things(things.files[: MOST_FILES + 1], things.referrals))
        chosen = [each for each in choice.offers if each.info.name in set(analysers)]
        if len(chosen) < len(set(analysers)):
            raise Invalid(_("One of these analysers is not here, or takes none of the files."))
        files = choice.files if any(each.files for each in chosen) else ()
        referrals = choice.referrals if any(each.texts for each in chosen) else ()
        placed = orders.place(viewer.unit_id, viewer.actor, viewer.purpose, files, referrals, chosen)
        ledger.record(
            _line(viewer, "analysis.order", placed.id, files=len(files), referrals=len(referrals), milliseconds=placed.milliseconds)
        )
        jobs.work_order(placed.id)
        return placed


def work(order_id: UUID) -> None:
    """Show one batch of an order's files and texts to its analysers, keep what they saw, and defer the next batch."""
    due = orders.due(order_id, jobs.BATCH)
    if not due.files and not due.referrals:
        with transaction.atomic():
            orders.tick(order_id, [], 0)
        return
    placed, at_hand = due.order, roll.analysers()
    names = {
        file: [name for name in placed.analysers if name in at_hand and roll.fits(at_hand[name], kind)] for file, kind in due.files.items()
    }
    seen = look_into({file: some for file, some in names.items() if some})
    hearing = [name for name in placed.analysers if name in at_hand and texts.takes(at_hand[name])]
    heard = texts.look_into(texts.ordered(said.of(placed.unit_id, due.referrals), hearing)) if due.referrals else []
    found = sum(len(each.verdict.seen) for each in seen) + sum(len(each.verdict.seen) for each in heard)
    with transaction.atomic():
        if seen:
            keep(seen, placed.actor, placed.purpose)
        if heard:
            keep_texts(placed.unit_id, heard, placed.actor, placed.purpose)
        orders.tick(order_id, [*due.files, *due.referrals], found)
        jobs.work_order(order_id)


def cancel(viewer: Viewer, order_id: UUID) -> None:
    """End an order before its time; what was found stays."""
    with refusals_told(viewer, "analysis.cancel", f"order:{order_id}"), transaction.atomic():
        viewer.require(Capability.DECIDE)
        ended = orders.cancel(viewer.unit_id, order_id)
        ledger.record(_line(viewer, "analysis.cancel", order_id, done=ended.done))


def page_of(viewer: Viewer, order_id: UUID) -> OrderPage:
    """One order of the viewer's unit. Raises ``Missing`` for any other."""
    return consult(
        viewer,
        "analysis.read",
        lambda: OrderPage(order_of(viewer, order_id), files_of(order_id, MOST_SHOWN), colleagues(viewer)),
        lambda found: (f"order:{order_id}", *(_subject(each) for each in found.files)),
    )


def of_unit(viewer: Viewer, before: str = "") -> tuple[list[Order], str]:
    """The unit's orders, the newest first, and the key of the next page or nothing. They name no person and no file."""
    viewer.require(Capability.READ)
    return newest(viewer.unit_id, before)


def _subject(each: OrderedFile) -> str:
    return f"referral:{each.referral_id}" if each.referral_id else f"file:{each.sha256.hex()}"


def _rows(viewer: Viewer, referrals: Sequence[UUID]) -> list[UUID]:
    return [row.referral_id for row in queue.of_referrals(viewer, referrals).rows]


def _line(viewer: Viewer, act: str, order_id: UUID, **numbers: int) -> Line:
    detail = {name: str(number) for name, number in numbers.items()}
    return Line(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (f"order:{order_id}",), detail)
