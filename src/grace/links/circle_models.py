"""Tables of what links referral to referral: who bears which value, the circles that follow, and what officers say of a pair."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from grace.accounts.models import Officer, Unit
from grace.kernel.ids import new_id
from grace.referrals.models import Identifier, Referral


class Bearing(models.Model):
    """A referral bears a value: an identifier, a file, how a file looks, a report's number; made anew with every version.

    ``value`` is its digest; of a look it is the file that stands for the cluster, to which no foreign key leads.

    Neither units nor identifiers are ever deleted: to ask the database of each row whether they are there cost half of writing it.

    ``first_at`` to ``last_at`` are the times for which the value is stated; ``weak`` and ``in_text`` where all its sightings are.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    value = models.UUIDField()
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    kind = models.TextField()
    basis = models.TextField()
    identifier = models.ForeignKey(Identifier, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    weak = models.BooleanField()
    in_text = models.BooleanField()

    class Meta:
        db_table = "links_bearing"
        constraints = [models.UniqueConstraint(fields=["unit", "value", "referral"], name="links_bearing_once")]
        indexes = [models.Index(fields=["referral"], name="links_bearing_referral")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.referral_id}"


class Again(models.Model):
    """A referral whose values are to be written anew, since something around it changed: a cluster, a list, whose line an address is."""

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, db_constraint=False)

    class Meta:
        db_table = "links_again"
        indexes = [models.Index(fields=["unit", "referral"], name="links_again_unit")]

    def __str__(self) -> str:
        return f"{self.referral_id} again"


class SharedLines(models.Model):
    """One version of the list of lines and mail domains that many share, for the whole installation. The newest is in force.

    Its ``entries`` are never changed; ``looked_until`` is how far the identifiers have been gone through that it tells otherwise than
    the version before, ``followed_at`` when that was done.
    """

    number = models.IntegerField(primary_key=True)
    entries = models.JSONField()
    note = models.TextField()
    edited_by = models.TextField()
    edited_at = models.DateTimeField()
    looked_until = models.UUIDField(default=UUID(int=0))
    followed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "links_shared_lines"

    def __str__(self) -> str:
        return f"shared lines, version {self.number}"


class Circle(models.Model):
    """Referrals of one unit that strong links join, directly or through each other. One that lost its last member is kept, empty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    members = models.IntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "links_circle"
        indexes = [
            models.Index(
                "unit", models.F("members").desc(), models.F("id").desc(), name="links_circle_largest", condition=models.Q(members__gt=1)
            )
        ]

    def __str__(self) -> str:
        return f"circle {self.id}"


class Circled(models.Model):
    """A referral is in a circle, since when; what it was in before is told by the ledger."""

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, db_index=False)
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "links_circled"
        indexes = [models.Index(fields=["circle", "referral"], name="links_circled_circle")]

    def __str__(self) -> str:
        return f"{self.referral_id} in {self.circle_id}"


class Verdict(models.Model):
    """What an officer says of a pair of referrals (``one`` before ``other``), with the reason; the newest stands, none is changed."""

    class Says(models.TextChoices):
        """Cut: they do not belong together. Confirmed: they do. Withdrawn: the values shall speak again."""

        CUT = "cut"
        CONFIRMED = "confirmed"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    one = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False, related_name="+")
    other = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False, related_name="+")
    says = models.TextField(choices=Says.choices)
    reason = models.TextField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "links_verdict"
        indexes = [
            models.Index(fields=["one", "other", "id"], name="links_verdict_pair"),
            models.Index(fields=["other"], name="links_verdict_other"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}: {self.says}"
