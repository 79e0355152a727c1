"""Tables of rules and assessments."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Unit
from grace.kernel.ids import new_id
from grace.referrals.models import Referral


class RuleSet(models.Model):
    """One version of a unit's rules. Published ones are never changed; a new version takes their place.

    ``alone_because`` is the reason for which one person alone put it in force; empty where two had a part in it.
    """

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
    alone_because = models.TextField(default="", db_default="")

    class Meta:
        db_table = "priority_ruleset"
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="priority_ruleset_once"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(state="published"), name="priority_one_published"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(state="draft"), name="priority_one_draft"),
        ]

    def __str__(self) -> str:
        return f"rules {self.number}"


class OneAlone(models.Model):
    """That in a unit one person may put rules in force alone, and why. It counts only while nobody else of the unit may."""

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.PROTECT)
    reason = models.TextField()
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "priority_one_alone"

    def __str__(self) -> str:
        return f"one alone in {self.unit_id}"


class Ranker(models.Model):
    """One version of what was learned from a unit's outcomes: ``body`` is what runs, ``passport`` what it rests on and how good it is.

    ``before`` is what was promoted before it, to which a roll-back returns. Who proposes a promotion never is who carries it out.
    """

    class State(models.TextChoices):
        """A trained one does nothing, one in shadow is scored beside the order, the promoted one makes it; the rest are retired."""

        TRAINED = "trained"
        SHADOW = "shadow"
        PROMOTED = "promoted"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    state = models.TextField(choices=State.choices, default=State.TRAINED)
    body = models.JSONField()
    passport = models.JSONField()
    digest = models.TextField()
    trained_by = models.TextField()
    trained_at = models.DateTimeField()
    shadowed_at = models.DateTimeField(null=True)
    proposed_by = models.TextField(default="")
    proposed_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    promoted_by = models.TextField(default="")
    promoted_at = models.DateTimeField(null=True)
    before = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    retired_by = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    retire_reason = models.TextField(default="")

    class Meta:
        db_table = "priority_ranker"
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="priority_ranker_once"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(state="promoted"), name="priority_one_ranker"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(state="shadow"), name="priority_one_shadow"),
            models.CheckConstraint(
                condition=~models.Q(state="promoted") | (~models.Q(promoted_by="") & ~models.Q(promoted_by=models.F("proposed_by"))),
                name="priority_ranker_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"ranker {self.number}"


class ShadowScore(models.Model):
    """What a ranker in shadow would give a referral; it moves nothing."""

    id = models.BigAutoField(primary_key=True)
    ranker = models.ForeignKey(Ranker, on_delete=models.CASCADE, db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    score = models.IntegerField()

    class Meta:
        db_table = "priority_shadow_score"
        constraints = [models.UniqueConstraint(fields=["referral", "ranker"], name="priority_shadow_once")]

    def __str__(self) -> str:
        return f"shadow score of {self.referral_id}"


class Outcome(models.Model):
    """What became of a referral, by the decisions that stand (``is_urgent`` None: none stands any more).

    ``signals`` are what was known at the first decision, but for what officers said.
    """

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    is_urgent = models.BooleanField(null=True)
    signals = models.JSONField()
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "priority_outcome"
        indexes = [models.Index("unit", "decided_at", name="priority_outcome_decided")]

    def __str__(self) -> str:
        return f"outcome of {self.referral_id}"


class Assessment(models.Model):
    """Four axes (0 to 100), the floor (0: none), the score (0 to 10,000), and why. ``signals`` allow scoring anew.

    ``ranker`` gave the score, or the rules did (None). ``before`` is what the last change took the place of: floor, score, reasons,
    rules, ranker, and when it changed.
    """

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
    ranker = models.ForeignKey(Ranker, null=True, on_delete=models.PROTECT, db_index=False)
    before = models.JSONField(null=True)

    class Meta:
        db_table = "priority_assessment"

    def __str__(self) -> str:
        return f"assessment of {self.referral_id}"


class AuditShare(models.Model):
    """How many of a unit's referrals are drawn at random to be read, in thousandths.

    Of the referrals that officers are given by "take the next", ``out_of_turn`` thousandths are not the first in the queue: the
    oldest, any, or one of the audit, so that nobody can tell which.
    """

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.PROTECT)
    share = models.IntegerField()
    out_of_turn = models.IntegerField()
    set_by = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        db_table = "priority_audit_share"
        constraints = [
            models.CheckConstraint(condition=models.Q(share__range=(0, 1000)), name="priority_audit_share_range"),
            models.CheckConstraint(condition=models.Q(out_of_turn__range=(0, 500)), name="priority_out_of_turn_range"),
        ]

    def __str__(self) -> str:
        return f"{self.share} thousandths"


class Audit(models.Model):
    """One referral of the random share: no page, list or answer shows it.

    It was drawn because ``ticket``, of 2**32, fell within ``share`` thousandths; ``chance``, of 2**32, breaks ties. ``is_urgent`` is what
    the officer's decision said, ``signals`` what was known then but for what officers said, ``states`` the states concerned; ``noted``: the ledger holds the draw.
    """

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    share = models.IntegerField()
    ticket = models.BigIntegerField()
    chance = models.BigIntegerField()
    drawn_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    is_urgent = models.BooleanField(null=True)
    signals = models.JSONField(null=True)
    states = models.JSONField(default=list)
    noted = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "priority_audit"
        indexes = [models.Index("unit", "drawn_at", "referral", name="priority_audit_drawn")]

    def __str__(self) -> str:
        return f"audit of {self.referral_id}"


class Line(models.Model):
    """A line that a unit put in force, with what it rests on; at most one per unit is in force.

    ``promise`` is ``batch`` or ``population``, ``share`` what may lie below in thousandths, ``days`` the length of a batch. ``figures``
    are what it was drawn with, ``states`` the same for each state concerned, ``alarms`` when which sign of drift was first seen.
    """

    class Promise(models.TextChoices):
        """What is promised: about each batch that follows, or about the population."""

        BATCH = "batch"
        POPULATION = "population"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    rules = models.ForeignKey(RuleSet, on_delete=models.PROTECT, db_index=False)
    ranker = models.ForeignKey(Ranker, null=True, on_delete=models.PROTECT, db_index=False)
    promise = models.TextField(choices=Promise.choices)
    share = models.IntegerField()
    days = models.IntegerField()
    position = models.IntegerField()
    figures = models.JSONField()
    states = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    audited_until = models.DateTimeField()
    reason = models.TextField()
    set_by = models.TextField()
    set_at = models.DateTimeField()
    looks = models.IntegerField(default=0)
    alarms = models.JSONField(default=dict)
    retired_by = models.TextField(default="")
    retired_at = models.DateTimeField(null=True)
    retire_reason = models.TextField(default="")

    class Meta:
        db_table = "priority_line"
        constraints = [models.UniqueConstraint(fields=["unit"], condition=models.Q(retired_at=None), name="priority_one_line")]

    def __str__(self) -> str:
        return f"line at {self.position}"
