"""Tables of the queue, of decisions, of alerts, of visits, of a unit's figures and of what its laboratory tries."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from grace.accounts.models import Officer, Unit
from grace.casework.discipline_models import Answer, Confirmed, Discipline, SecondLook, Skill
from grace.casework.kept_models import KeptSearch
from grace.intake.models import Sender
from grace.kernel.ids import new_id
from grace.links.models import Group
from grace.referrals.models import Referral

ALSO = (Answer, Confirmed, Discipline, SecondLook, Skill)
"""Tables of this room that stand in a file of their own: here Django finds them."""
_RANKED = (models.F("turn").desc(), models.F("floor").desc(), models.F("score").desc(), models.F("referral").desc())
"""The rank order, as the last columns of an index."""


class Lane(models.Model):
    """A bulk lane: an officer's decision that what one sender floods the unit with waits behind the rest.

    A share (in thousandths), drawn by digest of ``seed`` and the referral's id, is read like anything else. ``figures`` are
    what the lane held when it was closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, db_index=False)
    share = models.IntegerField()
    seed = models.TextField()
    reason = models.TextField()
    opened_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    close_reason = models.TextField(default="")
    closed_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        db_table = "casework_lane"
        constraints = [
            models.UniqueConstraint(fields=["unit", "sender"], condition=models.Q(closed_at=None), name="casework_lane_one_open"),
            models.CheckConstraint(condition=models.Q(share__range=(1, 1000)), name="casework_lane_share"),
        ]

    def __str__(self) -> str:
        return f"lane for {self.sender_id}"


class QueueRow(models.Model):
    """All that the queue shows of one referral, in one row, so that a page is one index range.

    ``turn`` (0: behind the rest, in a bulk lane), ``floor``, ``score`` and the id order it: row comparison over one index
    gives paging by key at any depth. ``is_line`` is false for members of a group for which another row ``stands``.
    ``queues`` are the ids of the unit's own queues that show it. ``recipients`` are the states concerned, as routing tells them. ``lacks`` are the codes of what the report lacks (None: nobody
    looked), ``way`` is how its first document came in, ``over_share_on`` the day (UTC) on which its sender's call of urgency went
    over the share. ``language`` (ISO 639-1) is that of most of its texts, as analysers say; empty where that is not known.
    """

    class Status(models.TextChoices):
        """Open ones wait; taken ones have an officer; closed ones have a decision."""

        OPEN = "open"
        TAKEN = "taken"
        CLOSED = "closed"

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    status = models.TextField(choices=Status.choices, default=Status.OPEN)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, db_index=False)
    outcome = models.TextField(default="")
    floor = models.SmallIntegerField()
    score = models.IntegerField()
    completeness = models.SmallIntegerField()
    actionability = models.SmallIntegerField()
    urgency = models.SmallIntegerField()
    novelty = models.SmallIntegerField()
    why = models.JSONField()
    number = models.BigIntegerField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, db_index=False)
    incident_kind = models.TextField()
    summary = models.JSONField()
    format = models.TextField()
    recipients = models.JSONField(default=list)
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, db_index=False)
    is_line = models.BooleanField(default=True, db_default=True)
    stands = models.BooleanField(default=False, db_default=False)
    turn = models.SmallIntegerField(default=1, db_default=1)
    lane = models.ForeignKey(Lane, null=True, on_delete=models.PROTECT, db_index=False)
    lacks = models.JSONField(null=True)
    way = models.TextField(default="", db_default="")
    over_share_on = models.DateField(null=True)
    language = models.TextField(default="", db_default="")
    queues = models.JSONField(default=list, db_default=[])

    class Meta:
        db_table = "casework_queue"
        indexes = [
            models.Index("unit", "status", "is_line", *_RANKED, name="queue_line"),
            models.Index("unit", "status", "sender", "is_line", *_RANKED, name="queue_line_sender"),
            models.Index("unit", "status", "incident_kind", "is_line", *_RANKED, name="queue_line_kind"),
            models.Index(
                "unit", "officer", "status", "is_line", *_RANKED, name="queue_line_officer", condition=models.Q(officer__isnull=False)
            ),
            GinIndex(OpClass("recipients", name="jsonb_path_ops"), name="queue_recipients"),
            GinIndex(OpClass("queues", name="jsonb_path_ops"), name="queue_queues", condition=~models.Q(queues=[])),
            models.Index("unit", "status", *_RANKED, name="queue_europol", condition=models.Q(recipients__contains=["europol"])),
            models.Index("unit", "status", "is_line", models.F("received_at").desc(), name="queue_line_received"),
            models.Index("unit", "language", *_RANKED, name="queue_language", condition=models.Q(status="open") & ~models.Q(language="")),
            models.Index("number", name="queue_number"),
            models.Index("group", "status", *_RANKED, name="queue_group", condition=models.Q(group__isnull=False)),
            models.Index("group", name="queue_group_lines", condition=models.Q(group__isnull=False, is_line=True)),
            models.Index("lane", "status", *_RANKED, name="queue_lane", condition=models.Q(lane__isnull=False)),
            models.Index("unit", "sender", models.F("received_at").desc(), models.F("referral").desc(), name="queue_sender_received"),
            models.Index(
                "unit", "over_share_on", "sender", *_RANKED, name="queue_over_share", condition=models.Q(over_share_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"queue row of {self.referral_id}"


class SenderDay(models.Model):
    """What a unit's referrals of one sender and one day (UTC, by receipt) come to, counted from the queue's rows.

    ``actionable`` are those that reach the actionability of ``sender_rules.json``. ``completeness`` counts by value of the axis,
    ``told`` by part (``lacks``, ``format``, ``way``, ``outcome``) and then by value.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    referrals = models.IntegerField()
    waiting = models.IntegerField()
    with_files = models.IntegerField()
    actionable = models.IntegerField()
    completeness = models.JSONField()
    told = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        db_table = "casework_sender_day"
        constraints = [models.UniqueConstraint(fields=["unit", "sender", "day"], name="casework_sender_day_once")]
        indexes = [
            models.Index(fields=["unit", "day"], include=["sender", "referrals", "actionable", "with_files"], name="casework_sender_sums"),
            models.Index(
                fields=["unit", "sender", "day"], include=["waiting"], name="casework_sender_waits", condition=models.Q(waiting__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sender_id} {self.day}"


class SenderTouched(models.Model):
    """That ``rows`` referrals of a sender and day changed in the queue: the day is to be counted anew."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    rows = models.IntegerField()

    class Meta:
        db_table = "casework_sender_touched"
        indexes = [models.Index(fields=["unit", "sender", "day"], name="casework_sender_touched_day")]

    def __str__(self) -> str:
        return f"{self.sender_id} {self.day}"


class Decision(models.Model):
    """An officer's act about a referral, with its reason. Reversing one is another decision that names it.

    ``is_second_look``: never kept, but the answer to a second look, which changes nothing.
    """

    is_second_look = False

    class Act(models.TextChoices):
        """What an officer can decide."""

        TAKE = "take"
        ASSIGN = "assign"
        DUPLICATE = "duplicate"
        KNOWN = "known"
        NOT_ACTIONABLE = "not_actionable"
        NOT_CRIMINAL = "not_criminal"
        ESCALATE = "escalate"
        HAND_OVER = "hand_over"
        TAKE_BACK = "take_back"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    act = models.TextField(choices=Act.choices)
    reason = models.TextField()
    recipient = models.TextField(default="")
    floor = models.SmallIntegerField()
    before = models.JSONField()
    decided_at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    part_of = models.ForeignKey("GroupDecision", null=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "casework_decision"
        indexes = [
            models.Index(fields=["referral", "-decided_at"], name="casework_decision_referral"),
            models.Index(fields=["part_of"], name="casework_decision_part", condition=models.Q(part_of__isnull=False)),
            models.Index(fields=["decided_at"], name="casework_decision_when"),
        ]

    def __str__(self) -> str:
        return f"{self.act} on {self.referral_id}"


class GroupDecision(models.Model):
    """An officer's act about a whole group: one decision on each of ``members`` referrals, made and taken back together.

    ``spared`` counts the members that stayed as they were: those on a floor where the officer left them out, and those that
    a colleague works on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_index=False)
    act = models.TextField(choices=Decision.Act.choices)
    reason = models.TextField()
    members = models.IntegerField()
    spared = models.IntegerField()
    decided_at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        db_table = "casework_group_decision"
        indexes = [models.Index(fields=["group", "-decided_at"], name="casework_group_decision_group")]

    def __str__(self) -> str:
        return f"{self.act} on group {self.group_id}"


class Note(models.Model):
    """What an officer writes down about a referral."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "casework_note"
        indexes = [models.Index(fields=["referral", "-written_at"], name="casework_note_referral")]

    def __str__(self) -> str:
        return f"note on {self.referral_id}"


class Alert(models.Model):
    """A referral that hit an urgent floor, an urgent package of another agency, a line that became doubtful, or new hits of a kept search: shown at once, and sent out with its reference only.

    Of a kept search ``hits`` counts what it is about. Of a package ``arrival`` is our id of it in the inbox, and ``reference`` the end of its sender's, as the inbox shows it. ``told`` names the channels that it went out by, dots between; it is sent when it went out by all that are configured.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.OneToOneField(Referral, null=True, on_delete=models.CASCADE)
    arrival = models.UUIDField(null=True, unique=True)
    line = models.UUIDField(null=True, unique=True)
    kept = models.ForeignKey(KeptSearch, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    hits = models.IntegerField(default=0, db_default=0)
    reference = models.TextField(default="", db_default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    raised_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    told = models.TextField(default="")
    failure = models.TextField(default="")

    class Meta:
        db_table = "casework_alert"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(referral__isnull=False, arrival=None, line=None, kept=None)
                | models.Q(referral=None, arrival__isnull=False, line=None, kept=None)
                | models.Q(referral=None, arrival=None, line__isnull=False, kept=None)
                | models.Q(referral=None, arrival=None, line=None, kept__isnull=False),
                name="casework_alert_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["unit", "-raised_at"], name="casework_alert_unit"),
            models.Index(fields=["raised_at"], name="casework_alert_unsent", condition=models.Q(sent_at=None)),
            models.Index(fields=["kept"], name="casework_alert_kept", condition=models.Q(kept__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"alert for {self.referral_id or self.arrival or self.line or self.kept_id}"


class Visit(models.Model):
    """When an officer last left the queue: what came since is new to them."""

    officer = models.OneToOneField(Officer, primary_key=True, on_delete=models.CASCADE)
    seen_until = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "casework_visit"

    def __str__(self) -> str:
        return f"visit of {self.officer_id}"


class UnitFigures(models.Model):
    """What a unit's queue and its work come to, counted at a moment: numbers only. ``seconds`` is what the counting took."""

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.PROTECT)
    figures = models.JSONField()
    counted_at = models.DateTimeField()
    seconds = models.FloatField()

    class Meta:
        db_table = "casework_unit_figures"

    def __str__(self) -> str:
        return f"figures of {self.unit_id}"


class Trial(models.Model):
    """A setting of the backlog laboratory that a unit tries, course by course; ``result`` is told when all are played."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    name = models.TextField()
    setting = models.JSONField()
    courses = models.IntegerField()
    played = models.JSONField(default=list)
    done = models.IntegerField(default=0)
    result = models.JSONField(null=True)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_trial"
        indexes = [models.Index(fields=["unit", "-id"], name="casework_trial_unit")]

    def __str__(self) -> str:
        return self.name
