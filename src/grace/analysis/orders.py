"""Orders to analyse: what it would cost, placing one, working it off batch by batch, cancelling it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from grace.analysis.models import Order, Ordered, State
from grace.analysis.roll import fits
from grace.analysis.texts import takes
from grace.evidence.models import File
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.sdk.analysis import AnalyserInfo, Cost

MOST_FILES = 10_000
"""Files of one order."""
_GUESSED: Mapping[Cost, int] = {Cost.CHEAP: 5, Cost.NORMAL: 50, Cost.DEAR: 1_000}
"""Milliseconds a file, where an analyser has not been seen at work yet."""
_SPENT = """
SELECT a.name, (SELECT avg(s.milliseconds) FROM (SELECT milliseconds FROM analysis_run WHERE analyser = a.name LIMIT 1000) s),
    (SELECT avg(s.milliseconds) FROM (SELECT milliseconds FROM analysis_text_run WHERE analyser = a.name LIMIT 1000) s)
FROM unnest(%s::text[]) AS a (name)
"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One analyser that could look at some files and texts: at how many of them, and in how many milliseconds of one processor."""

    info: AnalyserInfo
    files: int
    texts: int
    milliseconds: int


def offers(files: Sequence[UUID], texts: int, among: Mapping[str, AnalyserInfo]) -> list[Offer]:
    """The analysers that take at least one of the files, or the texts of reports, by name.

    What one costs is the mean of up to a thousand of its runs, over files and over texts.
    """
    types = list(File.objects.filter(id__in=list(files)).values_list("media_type", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, [list(among)])
        spent = {name: means for name, *means in cursor.fetchall()}
    told = []
    for name, info in sorted(among.items()):
        number, heard = sum(fits(info, each) for each in types), texts if takes(info) else 0
        if number or heard:
            of_file, of_text = (_GUESSED[info.cost] if each is None else max(1, float(each)) for each in spent[name])
            told.append(Offer(info, number, heard, round(number * of_file + heard * of_text)))
    return told


def place(unit_id: UUID, actor: str, purpose: str, files: Sequence[UUID], referrals: Sequence[UUID], chosen: Sequence[Offer]) -> Order:
    """Write an order down. Raises :class:`Invalid` where it asks for nothing or for too much."""
    if not (files or referrals) or not chosen:
        raise Invalid(_("An order names files or texts and analysers that take them."))
    if len(files) > MOST_FILES:
        raise Invalid(_("An order has at most %(n)s files.") % {"n": MOST_FILES}, remedy=_("Choose fewer, or place several."))
    order = Order.objects.create(
        unit_id=unit_id,
        actor=actor,
        purpose=purpose,
        analysers=[each.info.name for each in chosen],
        files=len(files),
        referrals=len(referrals),
        milliseconds=sum(each.milliseconds for each in chosen),
        made_at=now(),
    )
    things = [Ordered(order=order, file_id=each) for each in files] + [Ordered(order=order, referral_id=each) for each in referrals]
    for number, thing in enumerate(things):
        thing.place = number
    Ordered.objects.bulk_create(things)
    return order


@dataclass(frozen=True, slots=True)
class Next:
    """What is due of an order: files with their types, and referrals whose texts are; nothing once it has ended."""

    order: Order
    files: Mapping[UUID, str]
    referrals: Sequence[UUID]


def due(order_id: UUID, most: int) -> Next:
    """The next things of an order, at most so many. An order that was waiting runs now."""
    Order.objects.filter(id=order_id, state=State.WAITING).update(state=State.RUNNING)
    order = Order.objects.get(id=order_id)
    if order.ended_at:
        return Next(order, {}, ())
    rows = Ordered.objects.filter(order=order, done_at__isnull=True).order_by("place")
    some = list(rows.values_list("file_id", "file__media_type", "referral_id")[:most])
    return Next(order, {file: kind for file, kind, _ in some if file}, [referral for _, _, referral in some if referral])


def tick(order_id: UUID, things: Sequence[UUID], found: int) -> None:
    """Note that these files, and texts of these referrals, were shown, and how much was found; an order without further ones is done. In the caller's transaction."""
    order = Order.objects.select_for_update().get(id=order_id)
    named = Q(file_id__in=list(things)) | Q(referral_id__in=list(things))
    shown = Ordered.objects.filter(named, order=order, done_at__isnull=True).update(done_at=now())
    Order.objects.filter(id=order_id).update(done=F("done") + shown, found=F("found") + (found if shown else 0))
    if not order.ended_at and not Ordered.objects.filter(order=order, done_at__isnull=True).exists():
        Order.objects.filter(id=order_id).update(state=State.DONE, ended_at=now())


def cancel(unit_id: UUID, order_id: UUID) -> Order:
    """End an order of a unit before its time; what was found stays. Raises :class:`Conflict` where it has ended already."""
    order = Order.objects.select_for_update().filter(id=order_id, unit_id=unit_id).first()
    if order is None:
        raise Missing(_("There is no such order."))
    if order.ended_at:
        raise Conflict(_("This order has ended already."))
    order.state, order.ended_at = State.CANCELLED, now()
    order.save(update_fields=["state", "ended_at"])
    return order
