"""Tables of hash lists, their entries, and what is thought and done about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, JSONField, Q, Value
from django.db.models.functions import Now

from grace.accounts.models import Unit
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.matching.meaning import Meaning


class HashList(models.Model):
    """A list of known digests from one source; ``unit`` empty means that it serves every unit of the agency.

    What it means, its licence and its handling conditions hold for every entry. An ``is_own`` list is filled by two
    officers, entry by entry. An entry that matches more than ``noisy_referrals`` referrals within ``noisy_days`` is set
    aside; none is where it is empty. ``version`` counts the changes of its contents: a trigger raises it whenever
    ``changed_at`` becomes another moment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    source = models.TextField()
    default_category = models.TextField(blank=True, default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    meaning = models.TextField(choices=[(each.value, each.value) for each in Meaning], default=Meaning.ALERT, db_default=Meaning.ALERT)
    licence = models.TextField(blank=True, default="", db_default="")
    conditions = models.TextField(blank=True, default="", db_default="")
    may_pass_on = models.BooleanField(default=False, db_default=False)
    is_own = models.BooleanField(default=False, db_default=False)
    noisy_referrals = models.IntegerField(null=True)
    noisy_days = models.SmallIntegerField(default=7, db_default=7)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    version = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "matching_hashlist"
        constraints = [
            models.CheckConstraint(condition=Q(meaning__in=list(Meaning)), name="matching_hashlist_meaning"),
            models.CheckConstraint(
                condition=Q(noisy_days__range=(1, 90)) & (Q(noisy_referrals=None) | Q(noisy_referrals__gte=2)),
                name="matching_hashlist_noisy",
            ),
        ]

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
    """One known digest (raw bytes) and what its list says about it.

    ``item`` is what the source calls the thing that it is a digest of; entries of one item belong together. Algorithm and
    value of an entry never change, and its id is never given again.
    """

    id = models.BigAutoField(primary_key=True)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="entries", db_index=False)
    algorithm = models.TextField()
    value = models.BinaryField()
    category = models.TextField()
    source = models.TextField()
    note = models.TextField(blank=True, default="")
    item = models.TextField(blank=True, default="", db_default="")
    facts = models.JSONField(default=dict, db_default=Value({}, JSONField()))
    added_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "matching_entry"
        constraints = [models.UniqueConstraint(fields=["hash_list", "algorithm", "value"], name="matching_entry_once")]
        indexes = [
            models.Index(fields=["value", "algorithm"], name="matching_entry_value"),
            models.Index(fields=["hash_list", "algorithm", "id"], name="matching_entry_newest"),
            models.Index(fields=["hash_list", "item", "id"], name="matching_entry_item", condition=~Q(item="")),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm}:{bytes(self.value).hex()}"


class Naming(models.Model):
    """A further item of the same list that names the same value: the entry stays until the last of them is gone."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="namings")
    item = models.TextField()
    category = models.TextField()
    source = models.TextField()

    class Meta:
        db_table = "matching_naming"
        constraints = [models.UniqueConstraint(fields=["entry", "item"], name="matching_naming_once")]
        indexes = [models.Index(fields=["item"], name="matching_naming_item")]

    def __str__(self) -> str:
        return self.item


class ListedVideo(models.Model):
    """A video that a list names: the entries of ``item``, and those that a further naming gives to it, are its pictures.

    How many pictures it has is counted when it is asked for, and so is never wrong. It goes with its last picture, and with its list
    by a constraint of the database's own. ``milliseconds`` is when its last picture stands in it, where its form says that. One that
    an officer ``set_at`` aside, and did not restore, counts for nothing for now; its pictures stay what else they are.
    """

    id = models.BigAutoField(primary_key=True)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="videos")
    item = models.TextField()
    label = models.TextField()
    milliseconds = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(default=now, db_default=Now())
    set_at = models.DateTimeField(null=True)
    set_by = models.TextField(blank=True, default="", db_default="")
    reason = models.TextField(blank=True, default="", db_default="")
    restored_at = models.DateTimeField(null=True)
    restored_by = models.TextField(blank=True, default="", db_default="")
    restored_because = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "matching_listed_video"
        constraints = [models.UniqueConstraint(fields=["hash_list", "item"], name="matching_listed_video_once")]
        indexes = [
            models.Index(fields=["hash_list", "id"], name="matching_listed_video_newest"),
            models.Index(fields=["hash_list", "id"], name="matching_listed_video_aside", condition=~Q(set_at=None) & Q(restored_at=None)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_aside(self) -> bool:
        """Whether it counts for nothing now."""
        return self.set_at is not None and self.restored_at is None


class Removed(models.Model):
    """An entry that is no longer on its list: what it said, until when, by whom and why."""

    id = models.BigAutoField(primary_key=True)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="removed")
    entry_id = models.BigIntegerField(unique=True)
    algorithm = models.TextField()
    value = models.BinaryField()
    category = models.TextField()
    source = models.TextField()
    note = models.TextField(blank=True, default="")
    item = models.TextField(blank=True, default="")
    facts = models.JSONField(default=dict)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField()
    removed_by = models.TextField()
    why = models.TextField()

    class Meta:
        db_table = "matching_removed"
        indexes = [
            models.Index(fields=["value", "algorithm"], name="matching_removed_value"),
            models.Index(fields=["hash_list", "id"], name="matching_removed_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm}:{bytes(self.value).hex()}"


class Opinion(models.Model):
    """What somebody thinks of an entry: an officer of the agency, or a reader of a list that we serve. One each, the last.

    ``hash_list`` is the entry's own, so that those of one list are found without asking for any other.
    """

    class Stance(models.TextChoices):
        """Whether the entry is right."""

        CONFIRM = "confirm"
        DISPUTE = "dispute"

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="opinions")
    hash_list = models.ForeignKey(HashList, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    actor = models.TextField()
    stance = models.TextField(choices=Stance.choices)
    reason = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "matching_opinion"
        constraints = [models.UniqueConstraint(fields=["entry", "actor"], name="matching_opinion_once")]
        indexes = [models.Index(fields=["hash_list", "stance", "entry"], name="matching_opinion_newest")]

    def __str__(self) -> str:
        return self.stance


class SetAside(models.Model):
    """An entry that counts for nothing for now: it matched too much, or an officer set it aside. Its matches are still shown.

    One that an officer restored is not set aside again by a number: somebody has looked. ``hash_list`` is the entry's own.
    """

    class Why(models.TextChoices):
        """Who set it aside."""

        NOISY = "noisy"
        OFFICER = "officer"

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="aside")
    hash_list = models.ForeignKey(HashList, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    why = models.TextField(choices=Why.choices)
    referrals = models.IntegerField(default=0)
    reason = models.TextField(blank=True, default="")
    set_at = models.DateTimeField(default=now)
    set_by = models.TextField()
    restored_at = models.DateTimeField(null=True)
    restored_by = models.TextField(blank=True, default="")
    restored_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "matching_setaside"
        indexes = [
            models.Index(fields=["hash_list", "why", "entry"], name="matching_setaside_newest", condition=Q(restored_at=None)),
            models.Index(fields=["-set_at"], name="matching_setaside_latest", condition=Q(restored_at=None)),
        ]

    def __str__(self) -> str:
        return self.why


class Hit(models.Model):
    """An entry answered for a referral, counted once; kept for as long as noise is counted, and no longer."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="hits")
    referral_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "matching_hit"
        constraints = [models.UniqueConstraint(fields=["entry", "referral_id"], name="matching_hit_once")]
        indexes = [models.Index(fields=["at"], name="matching_hit_at")]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.referral_id}"


class Proposal(models.Model):
    """Something that one officer wants on a list of the agency's own; another one puts it there, or not."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="proposals")
    digests = models.JSONField()
    kind = models.TextField(default="image")
    category = models.TextField()
    note = models.TextField(blank=True, default="")
    reason = models.TextField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "matching_proposal"
        constraints = [
            models.CheckConstraint(condition=~Q(state="approved", decided_by=F("proposed_by")), name="matching_proposal_four_eyes")
        ]
        indexes = [models.Index(fields=["hash_list", "id"], name="matching_proposal_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.state} since {self.proposed_at}"
