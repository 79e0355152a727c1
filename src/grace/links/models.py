"""Tables of groups and of what finds them. A membership is never deleted: who is split off keeps the row, with the reason."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Officer, Unit
from grace.intake.models import Sender
from grace.kernel.ids import new_id
from grace.links.circle_models import Again, Bearing, Circle, Circled, SharedLines, Verdict
from grace.referrals.models import Referral

__all__ = [
    "Again",
    "Bearing",
    "Circle",
    "Circled",
    "Definition",
    "Earlier",
    "Group",
    "GroupSender",
    "Kind",
    "Member",
    "Occurrence",
    "Pending",
    "Print",
    "SharedLines",
    "Verdict",
]


class Kind(models.TextChoices):
    """Why referrals belong together, in the order in which the queue prefers one group to another."""

    VIRAL = "viral"
    BUNDLE = "bundle"
    DUPLICATE = "duplicate"


class Definition(models.Model):
    """One version of what a unit calls viral, a duplicate, a bundle. The newest is in force; none is ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    number = models.IntegerField()
    body = models.JSONField()
    note = models.TextField(default="")
    edited_by = models.TextField()
    edited_at = models.DateTimeField()

    class Meta:
        db_table = "links_definition"
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="links_definition_once")]

    def __str__(self) -> str:
        return f"definition {self.number}"


class Group(models.Model):
    """Referrals of one unit that belong together. ``key`` is the digest (raw) of a viral file, else the group's own id.

    ``spans`` are the times, in seconds since 1970, in which a viral file was dense. A group that met another one is kept,
    empty, and names the one that took its members (``merged_into``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    kind = models.TextField(choices=Kind.choices)
    key = models.BinaryField()
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, db_index=False)
    members = models.IntegerField(default=0)
    accounts = models.IntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    spans = models.JSONField(default=list)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "links_group"
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "key"], name="links_group_once")]
        indexes = [
            models.Index(
                "unit", models.F("members").desc(), models.F("id").desc(), name="links_group_largest", condition=models.Q(members__gt=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} group {self.id}"


class Member(models.Model):
    """A referral belongs to a group: on which basis, by which evidence, since when; or did, until it was split off."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    kind = models.TextField(choices=Kind.choices)
    basis = models.TextField()
    evidence = models.JSONField()
    joined_at = models.DateTimeField()
    split_at = models.DateTimeField(null=True)
    split_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, db_index=False)
    split_because = models.TextField(default="")

    class Meta:
        db_table = "links_member"
        constraints = [models.UniqueConstraint(fields=["group", "referral"], name="links_member_once")]
        indexes = [models.Index(fields=["referral", "kind"], name="links_member_referral")]

    def __str__(self) -> str:
        return f"{self.referral_id} in {self.group_id}"


class GroupSender(models.Model):
    """How many members of a group came from one sender."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, db_index=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, db_index=False)
    members = models.IntegerField()

    class Meta:
        db_table = "links_group_sender"
        constraints = [models.UniqueConstraint(fields=["group", "sender"], name="links_group_sender_once")]

    def __str__(self) -> str:
        return f"{self.sender_id} in {self.group_id}"


class Occurrence(models.Model):
    """A referral names or brings a file: by digest and by the time of its report, so that a window is one index range.

    ``bundled_by`` is the sender where it calls the report a bundle.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    digest = models.BinaryField()
    at = models.DateTimeField()
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    basis = models.TextField()
    bundled_by = models.ForeignKey(Sender, null=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "links_occurrence"
        constraints = [models.UniqueConstraint(fields=["unit", "digest", "at", "referral"], name="links_occurrence_once")]
        indexes = [
            models.Index(
                fields=["unit", "digest", "bundled_by", "at", "referral"],
                name="links_bundled",
                condition=models.Q(bundled_by__isnull=False),
            ),
            models.Index(fields=["referral"], name="links_occurrence_referral"),
        ]

    def __str__(self) -> str:
        return f"a file in {self.referral_id}"


class Print(models.Model):
    """One digest over all canonical facts of a referral: two referrals with the same one say the same."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    print = models.BinaryField()
    at = models.DateTimeField()
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)

    class Meta:
        db_table = "links_print"
        constraints = [models.UniqueConstraint(fields=["unit", "print", "at", "referral"], name="links_print_once")]
        indexes = [models.Index(fields=["referral"], name="links_print_referral")]

    def __str__(self) -> str:
        return f"print of {self.referral_id}"


class Earlier(models.Model):
    """A report names an earlier one by its number; that one may come later, or never."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    issuer = models.TextField()
    external = models.TextField()
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)

    class Meta:
        db_table = "links_earlier"
        constraints = [models.UniqueConstraint(fields=["unit", "issuer", "external", "referral"], name="links_earlier_once")]
        indexes = [models.Index(fields=["referral"], name="links_earlier_referral")]

    def __str__(self) -> str:
        return f"named by {self.referral_id}"


class Pending(models.Model):
    """A referral whose new version is still to be connected; written with it, taken away with what it led to."""

    referral = models.OneToOneField(Referral, primary_key=True, on_delete=models.CASCADE)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    bundled = models.BooleanField()
    earlier = models.JSONField()

    class Meta:
        db_table = "links_pending"
        indexes = [models.Index(fields=["unit", "referral"], name="links_pending_unit")]

    def __str__(self) -> str:
        return f"{self.referral_id} waits"
