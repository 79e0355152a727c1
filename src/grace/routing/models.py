"""Tables of routing: what is proposed, who is concerned now, and what officers corrected."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Officer
from grace.kernel.ids import new_id
from grace.referrals.models import Referral


class Route(models.Model):
    """Who is concerned by a referral now: codes of states, ``europol`` where no member state is; one row for each referral.

    ``ordinal`` is the version that it rests on; ``weights`` and ``registers`` are what proposed, by name and version.
    """

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    ordinal = models.IntegerField()
    recipients = models.JSONField()
    weights = models.TextField()
    registers = models.TextField()
    routed_at = models.DateTimeField()

    class Meta:
        db_table = "routing_route"

    def __str__(self) -> str:
        return f"route of {self.referral_id}"


class Proposal(models.Model):
    """A state that the evidence of one version speaks for; ``reasons`` refer to places in the document and copy nothing of it."""

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    ordinal = models.IntegerField()
    state = models.TextField()
    criterion = models.TextField()
    confidence = models.FloatField()
    reasons = models.JSONField()

    class Meta:
        db_table = "routing_proposal"
        indexes = [models.Index(fields=["referral", "ordinal"], name="routing_proposal_referral")]

    def __str__(self) -> str:
        return f"{self.state} for {self.referral_id}"


class Correction(models.Model):
    """An officer's word on one recipient of a referral, with the reason; the last word on a recipient holds.

    ``proposed`` is how sure the proposals were of it then, None where they did not name it: that is what is measured.
    """

    class Act(models.TextChoices):
        """What an officer can say of a recipient."""

        ADD = "add"
        CONFIRM = "confirm"
        REMOVE = "remove"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    act = models.TextField(choices=Act.choices)
    recipient = models.TextField()
    criterion = models.TextField(default="")
    reason = models.TextField()
    ordinal = models.IntegerField()
    proposed = models.FloatField(null=True)
    weights = models.TextField()
    corrected_at = models.DateTimeField()

    class Meta:
        db_table = "routing_correction"
        indexes = [models.Index(fields=["referral", "corrected_at"], name="routing_correction_referral")]

    def __str__(self) -> str:
        return f"{self.act} {self.recipient} for {self.referral_id}"

    @property
    def concerned(self) -> bool:
        """Whether the officer says that the recipient is concerned."""
        return self.act != self.Act.REMOVE
