"""Tables of hash lists, their entries, and what was found in them."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Unit
from grace.kernel.clock import now
from grace.kernel.ids import new_id


class HashList(models.Model):
    """A list of known digests from one source; ``unit`` empty means that it serves every unit of the agency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    source = models.TextField()
    default_category = models.TextField(blank=True, default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "matching_hashlist"

    def __str__(self) -> str:
        return self.name


class Coverage(models.Model):
    """How many entries a list holds by algorithm: tells “no match” from “no list to check against” at no cost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="coverage")
    algorithm = models.TextField()
    entries = models.BigIntegerField()

    class Meta:
        db_table = "matching_coverage"
        constraints = [models.UniqueConstraint(fields=["hash_list", "algorithm"], name="matching_coverage_once")]

    def __str__(self) -> str:
        return f"{self.entries} {self.algorithm}"


class Entry(models.Model):
    """One known digest (raw bytes) and what its list says about it."""

    id = models.BigAutoField(primary_key=True)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="entries")
    algorithm = models.TextField()
    value = models.BinaryField()
    category = models.TextField()
    source = models.TextField()
    note = models.TextField(blank=True, default="")
    added_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "matching_entry"
        constraints = [models.UniqueConstraint(fields=["hash_list", "algorithm", "value"], name="matching_entry_once")]
        indexes = [models.Index(fields=["value", "algorithm"], name="matching_entry_value")]

    def __str__(self) -> str:
        return f"{self.algorithm}:{bytes(self.value).hex()}"


class Match(models.Model):
    """A digest that was asked for (raw bytes) is in a list. Keyed by the digest: who names it is not known here."""

    class Kind(models.TextChoices):
        """Whether the digest is the entry's, or near it."""

        EXACT = "exact"
        NEAR = "near"

    id = models.BigAutoField(primary_key=True)
    algorithm = models.TextField()
    value = models.BinaryField()
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="matches")
    kind = models.TextField(choices=Kind.choices)
    distance = models.SmallIntegerField()
    found_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "matching_match"
        constraints = [
            models.UniqueConstraint(fields=["value", "algorithm", "entry"], name="matching_match_once"),
            models.CheckConstraint(
                condition=models.Q(kind="exact", distance=0) | models.Q(kind="near", distance__range=(1, 256)),
                name="matching_match_distance",
            ),
        ]

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

    class Meta:
        db_table = "matching_change"

    def __str__(self) -> str:
        return f"{'+' if self.came else '-'}{self.entry}"


class Indexed(models.Model):
    """One row that names the index in the data folder which holds what no change tells of; none before the first one is made."""

    one = models.BooleanField(primary_key=True, default=True)
    origin = models.UUIDField(default=new_id)

    class Meta:
        db_table = "matching_indexed"
        constraints = [models.CheckConstraint(condition=models.Q(one=True), name="matching_indexed_is_one_row")]

    def __str__(self) -> str:
        return str(self.origin)
