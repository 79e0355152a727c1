"""Tables of what was found in the lists, what the indexes do not know of yet, and what is to be asked again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from grace.accounts.models import Unit
from grace.evidence.models import Fingerprint
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.matching.models.lists import Entry


class Match(models.Model):
    """A digest that was asked for (raw bytes) is in a list. Keyed by the digest: who names it is not known here.

    What it was found with stays as it was then: the list's ``version`` and time of last change, and of the index its name,
    layout and generation. A trigger notes each match that goes, because its entry left, in :class:`Due`.
    """

    class Kind(models.TextChoices):
        """Whether the digest is the entry's, or near it."""

        EXACT = "exact"
        NEAR = "near"

    id = models.BigAutoField(primary_key=True)
    algorithm = models.TextField()
    value = models.BinaryField()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="matches", db_index=False)
    kind = models.TextField(choices=Kind.choices)
    distance = models.SmallIntegerField()
    found_at = models.DateTimeField(default=now)
    basis = models.TextField(default="observed", db_default="observed")
    list_version = models.IntegerField(null=True)
    list_changed_at = models.DateTimeField(null=True)
    index_origin = models.UUIDField(null=True)
    index_layout = models.TextField(blank=True, default="", db_default="")
    index_generation = models.BigIntegerField(null=True)

    class Meta:
        db_table = "matching_match"
        constraints = [
            models.UniqueConstraint(fields=["value", "algorithm", "entry"], name="matching_match_once"),
            models.CheckConstraint(
                condition=Q(kind="exact", distance=0) | Q(kind="near", distance__range=(1, 256)),
                name="matching_match_distance",
            ),
        ]
        indexes = [models.Index(fields=["entry", "id"], name="matching_match_newest")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.distance}"


class Change(models.Model):
    """An entry that came or went and that the index does not know of yet.

    Triggers write it in the transaction of the change, whatever caused that; whoever brings the index up to date deletes it.
    An entry's value never changes and its id is never used again, so that the order within a batch does not matter: what
    came is added before what went is removed.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.BigIntegerField()
    algorithm = models.TextField()
    value = models.BinaryField()
    came = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "matching_change"

    def __str__(self) -> str:
        return f"{'+' if self.came else '-'}{self.entry}"


class Indexed(models.Model):
    """The index in the data folder that holds what no change tells of, one of ``lists`` and one of ``held``; none before it is made."""

    name = models.TextField(primary_key=True)
    origin = models.UUIDField(default=new_id)

    class Meta:
        db_table = "matching_indexed"

    def __str__(self) -> str:
        return f"{self.name}: {self.origin}"


class Held(models.Model):
    """A fingerprint of a picture that is held and is good enough to be matched, or of one of a video's pictures.

    Triggers keep it beside the file's own row. Like an entry it never changes and its id is never used again: a file that is
    looked into anew gets others.
    """

    id = models.BigAutoField(primary_key=True)
    fingerprint = models.ForeignKey(Fingerprint, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    algorithm = models.TextField()
    value = models.BinaryField()

    class Meta:
        db_table = "matching_held"
        indexes = [models.Index(fields=["value"], name="matching_held_value")]

    def __str__(self) -> str:
        return f"{self.algorithm}:{bytes(self.value).hex()}"


class HeldChange(models.Model):
    """As :class:`Change`, of the fingerprints that are held."""

    id = models.BigAutoField(primary_key=True)
    entry = models.BigIntegerField()
    algorithm = models.TextField()
    value = models.BinaryField()
    came = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "matching_held_change"

    def __str__(self) -> str:
        return f"{'+' if self.came else '-'}{self.entry}"


class Due(models.Model):
    """What is stored is to be asked again: an ``entry`` came to a list, or a match of the digest ``value`` went or is worth something else.

    ``transaction`` is the number of a transaction that began to write when the change was committed, empty until then. Whoever has
    a smaller one may not have seen the change, and has written what it knows once it has ended.
    """

    id = models.BigAutoField(primary_key=True)
    came = models.BooleanField()
    algorithm = models.TextField()
    value = models.BinaryField()
    entry = models.BigIntegerField(null=True)
    transaction = models.BigIntegerField(null=True)

    class Meta:
        db_table = "matching_due"
        constraints = [
            models.CheckConstraint(
                condition=Q(came=True, entry__isnull=False) | Q(came=False, entry__isnull=True), name="matching_due_entry"
            )
        ]

    def __str__(self) -> str:
        return f"{'+' if self.came else '-'} {self.algorithm}:{bytes(self.value).hex()}"


class Sweep(models.Model):
    """All that is stored is to be asked again, because more entries came than are followed one by one.

    ``unit`` is the one that the lists serve, empty for the agency's; ``first_entry`` the oldest entry that came. ``part`` and
    ``after`` say how far it has got, ``done`` of ``total`` how much that is. A sweep of referrals is noted by a trigger, where a
    kind of hash is on a list for the first time or no longer: then “not checked” becomes “on no list”, or the reverse.
    """

    class Part(models.TextChoices):
        """What is gone through: files, and after them the digests that are only named; or referrals that wait."""

        FILES = "files"
        NAMED = "named"
        REFERRALS = "referrals"

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")
    first_entry = models.BigIntegerField()
    transaction = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(db_default=Now())
    begun_at = models.DateTimeField(null=True)
    part = models.TextField(choices=Part.choices, default=Part.FILES, db_default=Part.FILES)
    after = models.UUIDField(null=True)
    done = models.BigIntegerField(default=0, db_default=0)
    total = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "matching_sweep"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "part"], condition=Q(begun_at=None), nulls_distinct=False, name="matching_sweep_waits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.done}/{self.total}"
