"""Tables of rules and assessments."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Unit
from grace.kernel.ids import new_id
from grace.referrals.models import Referral


class RuleSet(models.Model):
    """One version of a unit's rules. Published ones are never changed; a new version takes their place."""

    class State(models.TextChoices):
        """A draft may be edited; one version per unit is published; the rest are retired."""

        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    state = models.TextField(choices=State.choices)
    body = models.JSONField()
    note = models.TextField(default="")
    edited_by = models.TextField()
    edited_at = models.DateTimeField()
    published_by = models.TextField(default="")
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "priority_ruleset"
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="priority_ruleset_once"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(state="published"), name="priority_one_published"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(state="draft"), name="priority_one_draft"),
        ]

    def __str__(self) -> str:
        return f"rules {self.number}"


class Assessment(models.Model):
    """Four axes (0 to 100), the floor (0: none), the score (0 to 10,000), and why. ``signals`` allow scoring anew."""

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    rules = models.ForeignKey(RuleSet, on_delete=models.PROTECT, db_index=False)
    completeness = models.SmallIntegerField()
    actionability = models.SmallIntegerField()
    urgency = models.SmallIntegerField()
    novelty = models.SmallIntegerField()
    floor = models.SmallIntegerField()
    score = models.IntegerField()
    reasons = models.JSONField()
    signals = models.JSONField()
    assessed_at = models.DateTimeField()

    class Meta:
        db_table = "priority_assessment"

    def __str__(self) -> str:
        return f"assessment of {self.referral_id}"
