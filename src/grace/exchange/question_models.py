"""Tables of questions: who else works on what a referral names, and what was answered; and of the answers that we prepare for others."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from grace.accounts.models import Officer, Unit
from grace.agencies.models import Agency
from grace.kernel.ids import new_id
from grace.referrals.models import Referral


class Question(models.Model):
    """An officer asks whether anyone else works on ``number`` values of what a referral names."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_index=False)
    because = models.TextField()
    number = models.IntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_question"
        indexes = [
            models.Index(fields=["referral", "-asked_at"], name="exchange_question_referral"),
            models.Index(fields=["unit", "-asked_at"], name="exchange_question_unit"),
            models.Index(fields=["officer", "asked_at"], name="exchange_question_officer"),
        ]

    def __str__(self) -> str:
        return f"question about {self.referral_id}"


class Reply(models.Model):
    """What a unit of this installation, or another agency, answers about one value (:class:`grace.links.models.Bearing`).

    ``not_checked`` says ``why`` by a code; ``as_of`` is when the other agency prepared its answers.
    """

    class Says(models.TextChoices):
        """Waiting and not checked are no answer."""

        WAITING = "waiting"
        YES = "yes"
        NO = "no"
        NOT_CHECKED = "not_checked"

    id = models.BigAutoField(primary_key=True)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, db_index=False, related_name="replies")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, db_index=False)
    value = models.UUIDField()
    says = models.TextField(choices=Says.choices)
    why = models.TextField(default="")
    as_of = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "exchange_reply"
        constraints = [
            models.CheckConstraint(condition=Q(unit=None) ^ Q(agency=None), name="exchange_reply_of_one"),
            models.UniqueConstraint(fields=["question", "unit", "agency", "value"], nulls_distinct=False, name="exchange_reply_once"),
        ]
        indexes = [models.Index(fields=["unit", "-at"], name="exchange_reply_unit", condition=Q(says="yes", unit__isnull=False))]

    def __str__(self) -> str:
        return f"{self.says} to {self.question_id}"


class Evaluated(models.Model):
    """How many blinded questions of an agency were answered on a day (UTC)."""

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        db_table = "exchange_evaluated"
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="exchange_evaluated_once")]

    def __str__(self) -> str:
        return f"{self.number} of {self.agency_id} on {self.day}"


class TagSet(models.Model):
    """The tags of what is worked on here, made for one agency and of no use to another: sorted, of 16 bytes each, padded with random ones."""

    agency = models.OneToOneField(Agency, primary_key=True, on_delete=models.PROTECT)
    epoch = models.TextField()
    sha256 = models.BinaryField()
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_tag_set"

    def __str__(self) -> str:
        return f"tags for {self.agency_id}"
