"""Hash lists as a whole: show them, say what they are, and take them out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from grace.accounts.viewer import Viewer
from grace.kernel.clock import now
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.matching import sql
from grace.matching.change import Change
from grace.matching.formats.item import Gone
from grace.matching.meaning import Meaning
from grace.matching.models import HashList, ListedVideo

MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a list as a whole; None leaves it as it is."""

    meaning: str | None = None
    licence: str | None = None
    conditions: str | None = None
    may_pass_on: bool | None = None
    noisy_referrals: int | None = None
    noisy_days: int | None = None


def remove(list_id: UUID) -> int:
    """Take a list out with all its entries and matches; how many entries there were. Raises :class:`Missing`.

    Whoever writes something about the list or its entries at the same moment is waited for, and what they wrote goes too.
    """
    hash_list = locked(list_id)
    entries = sum(hash_list.coverage.values_list("entries", flat=True))
    with connection.cursor() as cursor:
        last: tuple[str, int] | None = ("", 0)
        while last:
            cursor.execute(sql.REMOVE_ENTRIES, [list_id, *last])
            last = cursor.fetchone()
        for statement in sql.REMOVE_LIST:
            cursor.execute(statement, [list_id])
    return entries


def remove_video(list_id: UUID, label: str, by: str, why: str = "taken-back") -> int:
    """Take a listed video off a list; how many entries went, as pictures that something else names stay. Raises :class:`Missing`."""
    hash_list = locked(list_id)
    video = ListedVideo.objects.filter(hash_list=hash_list, label=label).first()
    if video is None:
        raise Missing(_("There is no such video on this list."))
    change = Change(hash_list, by, why)
    change.take_back(Gone(1, video.item))
    return sum(change.finish().removed.values())


def shown_to(viewer: Viewer) -> QuerySet[HashList]:
    """The lists that serve the viewer's unit, by name, with their coverage; all of them for whoever runs the machine."""
    serving = Q() if viewer.via == "operator" else Q(unit=None) | Q(unit_id=viewer.unit_id)
    return HashList.objects.filter(serving).order_by("name").select_related("unit").prefetch_related("coverage")


def one_shown_to(viewer: Viewer, list_id: UUID) -> HashList:
    """One of these. Raises :class:`Missing`."""
    found = shown_to(viewer).filter(id=list_id).first()
    if found is None:
        raise Missing(_("There is no such list."))
    return found


def locked(list_id: UUID) -> HashList:
    """The list, so that nobody else changes it meanwhile. Raises :class:`Missing`."""
    found = HashList.objects.select_for_update().filter(id=list_id).first()
    if found is None:
        raise Missing(_("There is no such list."))
    return found


def describe(list_id: UUID, about: About) -> HashList:
    """Say what a list is. Raises :class:`Conflict` for another meaning of a list that holds entries."""
    hash_list = locked(list_id)
    if about.meaning is not None and about.meaning != hash_list.meaning:
        if about.meaning not in set(Meaning):
            raise Invalid(_("“%(word)s” is none of %(known)s.") % {"word": about.meaning[:40], "known": ", ".join(Meaning)})
        if any(part.entries for part in hash_list.coverage.all()):
            raise Conflict(
                _("The list holds entries, and what they mean does not change."),
                remedy=_("Load them into a new list, and take this one out."),
            )
        hash_list.meaning = about.meaning
    for name in ("licence", "conditions"):
        text = getattr(about, name)
        if text is not None:
            setattr(hash_list, name, _text(text))
    if about.may_pass_on is not None:
        hash_list.may_pass_on = about.may_pass_on
    if about.noisy_referrals is not None:
        hash_list.noisy_referrals = _whole(about.noisy_referrals, 2, 1_000_000) if about.noisy_referrals else None
    if about.noisy_days is not None:
        hash_list.noisy_days = _whole(about.noisy_days, 1, 90)
    hash_list.changed_at = now()
    hash_list.save()
    return hash_list


def _text(text: str) -> str:
    if len(text) > MOST_TEXT or any(not (sign.isprintable() or sign == "\n") for sign in text.replace("\r\n", "\n")):
        raise Invalid(_("A text has at most %(most)d characters, all of which can be shown.") % {"most": MOST_TEXT})
    return text.replace("\r\n", "\n").strip()


def _whole(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise Invalid(_("write a whole number from %(low)d to %(high)d") % {"low": least, "high": most})
    return number
