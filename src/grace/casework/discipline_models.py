"""Tables of the order of work: what a unit states of its pace, the skills that it knows, and second looks."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from grace.accounts.models import Officer, Unit
from grace.kernel.ids import new_id
from grace.referrals.models import Referral


class Discipline(models.Model):
    """What a unit states of its work.

    ``capacity`` are the referrals that an officer reads in a day, ``officers`` those on duty on a day. After ``patience`` hours what
    needs a language or a skill goes to anyone; what waits more than ``bound`` days is shown as waiting too long. Of decisions ``second``
    thousandths are looked at by another officer, of what is given out ``seeded`` thousandths have an answer already, at most ``most_a_day``
    of both to one officer, with files only where ``with_files``; from ``hidden`` thousandths of what an officer has taken the estimate is
    withheld until the decision, drawn by digest of ``seed``. ``figures`` are what was counted last.
    """

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.PROTECT)
    capacity = models.IntegerField(default=0)
    officers = models.IntegerField(default=0)
    patience = models.IntegerField(default=24)
    bound = models.IntegerField(default=30)
    second = models.IntegerField(default=0)
    seeded = models.IntegerField(default=0)
    hidden = models.IntegerField(default=0)
    most_a_day = models.IntegerField(default=2)
    with_files = models.BooleanField(default=False)
    seed = models.TextField()
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "casework_discipline"
        constraints = [
            models.CheckConstraint(condition=models.Q(second__range=(0, 200), seeded__range=(0, 200)), name="casework_discipline_small"),
            models.CheckConstraint(condition=models.Q(hidden__range=(0, 500)), name="casework_discipline_hidden"),
        ]

    def __str__(self) -> str:
        return f"order of work of {self.unit_id}"


class Skill(models.Model):
    """A skill on a unit's own list, and the kinds of incidents that ask for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    kinds = ArrayField(models.TextField())

    class Meta:
        db_table = "casework_skill"
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="casework_skill_once")]

    def __str__(self) -> str:
        return self.name


class SecondLook(models.Model):
    """A decided referral that comes once more, to another officer, as if it were new.

    ``kind`` is ``double`` (one of the decisions that were drawn) or ``seeded`` (two persons answered alike already), ``expected`` the class of
    the answer that stands. When it ends only who had the referral, and the day, are left, so that it does not come to the same person again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(default="")
    expected = models.TextField(default="")
    opened = models.BooleanField(default=False)
    drawn_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        db_table = "casework_second_look"
        constraints = [
            models.UniqueConstraint(fields=["referral"], condition=models.Q(ended_on=None), name="casework_second_look_open_once"),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(kind="", expected="", opened=False), name="casework_second_look_forgotten"
            ),
        ]
        indexes = [
            models.Index(fields=["officer", "given_at"], name="casework_second_look_officer", condition=models.Q(officer__isnull=False)),
            models.Index(fields=["unit", "drawn_at"], name="casework_second_look_waits", condition=models.Q(officer=None, ended_on=None)),
        ]

    def __str__(self) -> str:
        return f"second look at {self.referral_id}"


class Confirmed(models.Model):
    """A referral that two persons decided alike, neither knowing of the other's decision."""

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField()

    class Meta:
        db_table = "casework_confirmed"

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.answer}"


class Answer(models.Model):
    """What a second look showed, of no officer and of no referral: all that is kept is the month.

    ``proposed`` is what the machine said (``urgent``, ``known`` or nothing), ``shown`` whether the officer saw it, ``opened`` whether the
    officer opened anything beside the referral's first page. The id is random, so that not even the order is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    kind = models.TextField()
    expected = models.TextField()
    answered = models.TextField()
    proposed = models.TextField(default="")
    shown = models.BooleanField()
    opened = models.BooleanField()

    class Meta:
        db_table = "casework_answer"
        indexes = [models.Index(fields=["unit", "month"], name="casework_answer_month")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.month}"
