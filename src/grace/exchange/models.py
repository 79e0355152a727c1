"""Tables of what leaves and what comes: the outbox and the inbox, each row one package; questions have theirs beside."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from grace.accounts.models import Unit
from grace.agencies.models import Agency
from grace.evidence.models import SealedObject
from grace.exchange.question_models import Evaluated, Question, Reply, TagSet
from grace.kernel.ids import new_id
from grace.referrals.models import Referral

__all__ = ["Arrival", "Dispatch", "Evaluated", "Kind", "Question", "Reply", "TagSet"]


class Kind(models.TextChoices):
    """What a package is for."""

    HANDOVER = "handover"
    UPDATE = "update"
    ERASURE = "erasure"
    ANSWER = "answer"


class Dispatch(models.Model):
    """A package that leaves. Its id is the package's own, by which it is delivered exactly once.

    ``part`` says what of the referral's version ``ordinal`` leaves; ``replaces`` is the hand-over that an update or an erasure
    request follows; ``answers`` is the package of theirs that an answer is about. The sealed body stays until it is delivered.
    """

    class State(models.TextChoices):
        """Waiting and sent are ours; delivered is the recipient's receipt; the four after it are the recipient's officer's answer."""

        WAITING = "waiting"
        SENT = "sent"
        DELIVERED = "delivered"
        ACCEPTED = "accepted"
        PARTLY = "partly"
        REFUSED = "refused"
        NOTED = "noted"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.TextField(choices=Kind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, db_index=False)
    ordinal = models.IntegerField(default=0)
    part = models.JSONField(default=dict)
    purpose = models.TextField(default="")
    conditions = models.JSONField(default=list)
    handling = models.TextField(default="")
    reason = models.TextField(default="")
    urgent = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers", db_index=False)
    answers = models.UUIDField(null=True)
    answer = models.TextField(default="")
    decision = models.UUIDField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    object = models.OneToOneField(SealedObject, null=True, on_delete=models.PROTECT)
    size = models.BigIntegerField(default=0)
    sha256 = models.BinaryField(default=b"")
    sealed_for = models.TextField(default="")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    failure = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.TextField(default="")

    class Meta:
        db_table = "exchange_dispatch"
        constraints = [
            # A version is told to a recipient once, however often it is asked for.
            models.UniqueConstraint(fields=["replaces", "ordinal"], name="exchange_update_once", condition=Q(kind="update")),
            models.UniqueConstraint(fields=["agency", "answers", "answer"], name="exchange_answer_once", condition=Q(kind="answer")),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="exchange_dispatch_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["referral"], name="exchange_dispatch_referral", condition=Q(referral__isnull=False)),
            models.Index(fields=["unit", "-made_at"], name="exchange_dispatch_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Arrival(models.Model):
    """A package that came, and what an officer decided about it. ``package`` is the sender's own id of it.

    ``report`` is what it says (canonical JSON, zlib-packed) and ``object`` its sealed body; both go when it is refused.
    """

    class State(models.TextChoices):
        """Waiting for an officer, or decided."""

        WAITING = "waiting"
        ACCEPTED = "accepted"
        PARTLY = "partly"
        REFUSED = "refused"
        SUPERSEDED = "superseded"
        NOTED = "noted"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    package = models.UUIDField()
    kind = models.TextField(choices=Kind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    sha256 = models.BinaryField()
    size = models.BigIntegerField()
    object = models.OneToOneField(SealedObject, null=True, on_delete=models.PROTECT)
    manifest = models.BinaryField()
    report = models.BinaryField(null=True)
    purpose = models.TextField(default="")
    conditions = models.JSONField(default=list)
    handling = models.TextField(default="")
    reason = models.TextField(default="")
    urgent = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers", db_index=False)
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    receipt = models.TextField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, db_index=False)
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    decided_because = models.TextField(default="")

    class Meta:
        db_table = "exchange_arrival"
        constraints = [models.UniqueConstraint(fields=["agency", "package"], name="exchange_arrival_once")]
        indexes = [
            models.Index(fields=["unit", "state", "-received_at"], name="exchange_arrival_unit"),
            models.Index(fields=["referral"], name="exchange_arrival_referral", condition=Q(referral__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.package} of {self.agency_id}"

    @property
    def reference(self) -> str:
        """The end of the sender's id, by which people tell packages apart."""
        return self.package.hex[-12:]
