"""Second looks: a decided referral comes once more, to another officer, as if it were new; what is said changes nothing.

Two kinds: *double*, drawn by lot from decisions as they are made; *seeded*, where two persons, neither knowing of the other, answered alike
already. Nobody is told before, everybody is told after. What is kept of an answer names no officer and no referral.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer
from grace.accounts.viewer import Viewer
from grace.casework import agreement as counting
from grace.casework import fit
from grace.casework.agreement import Agreement, Said
from grace.casework.discipline_models import Answer, Confirmed, Discipline, SecondLook
from grace.casework.fit import Bound
from grace.casework.models import Decision, QueueRow
from grace.casework.out_of_turn import urgent_waits
from grace.kernel import sql
from grace.kernel.errors import Conflict

DOUBLE, SEEDED = "double", "seeded"
CLASSES: Mapping[str, str] = {
    "duplicate": "known",
    "known": "known",
    "not_actionable": "nothing",
    "not_criminal": "nothing",
    "escalate": "urgent",
    "hand_over": "lead",
}
"""What an act says of a referral, as answers are compared. The others say nothing of it."""
REST = timedelta(days=1)
"""So long a decision rests before it comes to somebody else; what waits longer than ``PATIENCE`` is forgotten."""
PATIENCE = timedelta(days=60)
_MONTHS = 12
_GROUND = """
q.unit_id = %(unit)s AND q.status = 'closed' AND {reads}
    AND NOT EXISTS (SELECT FROM casework_decision d WHERE d.referral_id = q.referral_id AND d.officer_id = %(officer)s)
    AND NOT EXISTS (SELECT FROM casework_note n WHERE n.referral_id = q.referral_id AND n.officer_id = %(officer)s)
    AND NOT EXISTS (SELECT FROM casework_second_look o WHERE o.referral_id = q.referral_id AND o.officer_id = %(officer)s)
    AND (%(with_files)s OR NOT EXISTS (SELECT FROM referrals_attachment a WHERE a.referral_id = q.referral_id AND a.file_id IS NOT NULL))
"""
_DOUBLE = """
SELECT s.id FROM casework_second_look s JOIN casework_queue q ON q.referral_id = s.referral_id
WHERE s.unit_id = %(unit)s AND s.officer_id IS NULL AND s.ended_on IS NULL AND s.drawn_at <= %(rested)s AND {ground}
ORDER BY EXISTS (SELECT FROM referrals_attachment a WHERE a.referral_id = q.referral_id AND a.file_id IS NOT NULL), s.drawn_at
LIMIT 1 FOR UPDATE OF s SKIP LOCKED
"""
_SEEDED = """
SELECT c.referral_id FROM casework_confirmed c JOIN casework_queue q ON q.referral_id = c.referral_id
WHERE c.unit_id = %(unit)s AND {ground}
    AND NOT EXISTS (SELECT FROM casework_second_look o WHERE o.referral_id = c.referral_id AND o.ended_on IS NULL)
ORDER BY EXISTS (SELECT FROM referrals_attachment a WHERE a.referral_id = q.referral_id AND a.file_id IS NOT NULL), random()
LIMIT 1 FOR UPDATE OF c SKIP LOCKED
"""


def draw(viewer: Viewer, decision: Decision, now: datetime) -> None:
    """By lot, let a decision that closed a referral be looked at by somebody else later. In the decision's transaction."""
    stated = Discipline.objects.filter(unit_id=viewer.unit_id, second__gt=0).first()
    if stated is None or secrets.randbelow(1000) >= stated.second:
        return
    row = QueueRow.objects.filter(referral_id=decision.referral_id, status=QueueRow.Status.CLOSED).first()
    if row is not None and not SecondLook.objects.filter(referral_id=row.referral_id).exists():
        expected = _standing(row.referral_id)
        SecondLook.objects.create(unit_id=viewer.unit_id, referral_id=row.referral_id, kind=DOUBLE, expected=expected, drawn_at=now)


def give(viewer: Viewer, now: datetime) -> SecondLook | None:
    """A second look for the viewer instead of new work, by lot; none while something urgent waits, and no more than the unit allows in a day."""
    viewer.require(Capability.DECIDE)
    if viewer.via != "officer":
        return None
    stated = Discipline.objects.filter(unit_id=viewer.unit_id).first()
    if stated is None or not (stated.second or stated.seeded):
        return None
    lot = secrets.randbelow(1000)
    kind = SEEDED if lot < stated.seeded else DOUBLE if lot < stated.seeded + 2 * stated.second else ""
    if not kind or urgent_waits(viewer.unit_id) or _had_today(viewer, now) >= stated.most_a_day:
        return None
    asked: Bound = {"unit": viewer.unit_id, "officer": viewer.officer_id, "rested": now - REST, "with_files": stated.with_files}
    found = _seeded(viewer, asked, now) if kind == SEEDED else _double(viewer, asked, now)
    if found is None:
        return None
    found.officer_id, found.given_at = viewer.officer_id, now
    if kind == DOUBLE:
        found.save(update_fields=["officer", "given_at"])
        return found
    SecondLook.objects.bulk_create([found], ignore_conflicts=True)  # a colleague may just have been given the same one
    return SecondLook.objects.filter(id=found.id).first()


def open_of(viewer: Viewer, referral_id: UUID) -> SecondLook | None:
    """The second look that the viewer has at a referral, if it is one; a program never has any."""
    return _open(viewer).filter(referral_id=referral_id).first()


def open_referrals(viewer: Viewer) -> list[UUID]:
    """The referrals of all second looks that the viewer has."""
    return list(_open(viewer).order_by("given_at").values_list("referral_id", flat=True))


def held(viewer: Viewer, referral_id: UUID) -> SecondLook | None:
    """The viewer's second look at a referral, locked for the caller's transaction, also where the referral is closed no more."""
    if viewer.via != "officer":
        return None
    found = SecondLook.objects.select_for_update().filter(referral_id=referral_id, officer_id=viewer.officer_id, ended_on=None)
    return found.first()


def answer(viewer: Viewer, look: SecondLook, row: QueueRow, act: str, now: datetime) -> None:
    """Count what the viewer said, and forget who said it; nothing else changes.

    Two that answer alike confirm each other; a confirmed answer that is contradicted is confirmed no more.
    """
    answered = CLASSES[act]
    Answer.objects.create(
        unit_id=look.unit_id,
        month=now.date().replace(day=1),
        kind=look.kind,
        expected=look.expected,
        answered=answered,
        proposed=proposal(row),
        shown=not withholds(look.unit_id, look.referral_id, viewer.officer_id, row.floor),
        opened=look.opened,
    )
    if look.kind == DOUBLE and answered == look.expected:
        Confirmed.objects.get_or_create(referral_id=look.referral_id, defaults={"unit_id": look.unit_id, "answer": answered})
    elif look.kind == SEEDED and answered != look.expected:
        Confirmed.objects.filter(referral_id=look.referral_id).delete()
    end(look, now)


def end(look: SecondLook, now: datetime) -> None:
    """It is over, answered or not: what it was about is forgotten, but for who had it."""
    look.kind, look.expected, look.opened, look.ended_on = "", "", False, now.date()
    look.save(update_fields=["kind", "expected", "opened", "ended_on"])


def was_one() -> Conflict:
    """What is said where an act other than an answer is tried, which ends it."""
    return Conflict(
        _("This was a second look: a colleague has decided this referral already."),
        remedy=_("Nothing was changed and nothing was counted. Open it again to see what stands."),
    )


def note_opened(viewer: Viewer, referral_id: UUID) -> None:
    """The viewer opened more of a referral than its first page."""
    SecondLook.objects.filter(referral_id=referral_id, officer_id=viewer.officer_id, ended_on=None).update(opened=True)


def note_file_opened(viewer: Viewer, file_id: UUID) -> None:
    """The viewer looked at a file: it counts for each referral that names it."""
    some = SecondLook.objects.filter(officer_id=viewer.officer_id, ended_on=None, referral__attachment__file_id=file_id)
    SecondLook.objects.filter(id__in=list(some.values_list("id", flat=True))).update(opened=True)


def proposal(row: QueueRow) -> str:
    """What the machine says of a referral by where it stands: urgent, known (nothing in it is new), or nothing."""
    return "urgent" if row.floor else "known" if not row.novelty else ""


def withholds(unit_id: UUID, referral_id: UUID, officer_id: UUID, floor: int) -> bool:
    """Whether the estimate is withheld from the officer who has taken a referral, until the decision: by lot, and never what a floor holds up.

    The lot is the same for new work and for second looks, so that it tells nobody which is which.
    """
    stated = None if floor else Discipline.objects.filter(unit_id=unit_id, hidden__gt=0).first()
    if stated is None:
        return False
    lot = int(sha256(f"{stated.seed}{referral_id}{officer_id}".encode()).hexdigest()[:8], 16)
    return lot < stated.hidden * (1 << 32) // 1000


def masked(viewer: Viewer, row: QueueRow) -> QueueRow:
    """The row as the viewer shall see it: one that came as a second look is just taken. Never to be saved."""
    look = open_of(viewer, row.referral_id) if row.status == QueueRow.Status.CLOSED else None
    if look is not None and look.given_at is not None:
        row.officer = Officer.objects.get(id=viewer.officer_id)
        row.status, row.outcome, row.changed_at = QueueRow.Status.TAKEN, "", look.given_at
    return row


def forget_old(now: datetime) -> int:
    """Forget second looks that came to nobody, and end those that were not answered in time."""
    still = SecondLook.objects.filter(ended_on=None)
    still.filter(given_at__lt=now - PATIENCE).update(kind="", expected="", opened=False, ended_on=now.date())
    return still.filter(officer=None, drawn_at__lt=now - PATIENCE).delete()[0]


def agreement(viewer: Viewer, now: datetime) -> Agreement:
    """What the second looks of the viewer's unit show, of the last months that are whole."""
    month = now.date().replace(day=1)
    since = date(month.year - _MONTHS // 12, month.month, 1)
    rows = Answer.objects.filter(unit_id=viewer.unit_id, month__gte=since, month__lt=month)
    said = [Said(*each) for each in rows.values_list("kind", "expected", "answered", "proposed", "shown", "opened")]
    ended = SecondLook.objects.filter(unit_id=viewer.unit_id, ended_on__gte=since, ended_on__lt=month)
    return counting.agreement(said, ended.values("officer").distinct().count())


def _open(viewer: Viewer) -> QuerySet[SecondLook]:
    """What is shown to the viewer as new: a referral whose decision was taken back meanwhile is what it is."""
    if viewer.via != "officer":
        return SecondLook.objects.none()
    mine = SecondLook.objects.filter(officer_id=viewer.officer_id, ended_on=None, given_at__isnull=False)
    return mine.filter(referral__queuerow__status=QueueRow.Status.CLOSED, unit_id=viewer.unit_id)


def _double(viewer: Viewer, asked: Bound, now: datetime) -> SecondLook | None:
    """One that was drawn and still stands as it was decided; one that does not is forgotten."""
    while (found := _first(_DOUBLE, viewer, asked, now)) is not None:
        look = SecondLook.objects.get(id=found)
        if _standing(look.referral_id) == look.expected:
            return look
        look.delete()
    return None


def _seeded(viewer: Viewer, asked: Bound, now: datetime) -> SecondLook | None:
    found = _first(_SEEDED, viewer, asked, now)
    expected = Confirmed.objects.filter(referral_id=found).values_list("answer", flat=True).first() if found else None
    if found is None or expected is None or _standing(found) != expected:
        return None
    return SecondLook(unit_id=viewer.unit_id, referral_id=found, kind=SEEDED, expected=expected, drawn_at=now)


def _first(text: str, viewer: Viewer, asked: Bound, now: datetime) -> UUID | None:
    ground = sql.fill(_GROUND, reads=fit.READS)
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql.fill(text, ground=ground), {**asked, **fit.suits(viewer, now)})
        found = cursor.fetchone()
    return found[0] if found else None


def _standing(referral_id: UUID) -> str:
    """The class of what officers decided and did not take back: urgent where one of them escalated; nothing where that is none."""
    acts = Decision.objects.filter(referral_id=referral_id, reversed_by=None).order_by("-decided_at", "-id").values_list("act", flat=True)
    said = [CLASSES[act] for act in acts if act in CLASSES]
    return "urgent" if "urgent" in said else said[0] if said else ""


def _had_today(viewer: Viewer, now: datetime) -> int:
    return SecondLook.objects.filter(officer_id=viewer.officer_id, given_at__gte=now - timedelta(days=1)).count()
