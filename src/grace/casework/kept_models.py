"""Tables of searches that are kept: what is looked for, in the form in which referrals are compared with it, and what was found."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Officer, Unit
from grace.kernel.ids import new_id
from grace.referrals.models import Referral


class KeptSearch(models.Model):
    """What somebody goes on looking for: ``text`` as it was typed, and the filters (empty: none), of which the days are UTC.

    ``owner`` is the id of an officer or, for ``via`` "token", of a program's token: it finds what that one may see at the moment.
    ``for_unit`` shows it to all of the unit. ``spelt`` is the text as its words are compared. ``last_hit`` is the id of the newest
    hit, 0 where there is none. A change of what is looked for moves ``since_at``: what came a day before that is no news.
    """

    class Via(models.TextChoices):
        """What kind of owner it has."""

        OFFICER = "officer"
        TOKEN = "token"  # noqa: S105 - a word, no secret

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.UUIDField()
    via = models.TextField(choices=Via.choices)
    for_unit = models.BooleanField()
    name = models.TextField()
    text = models.TextField()
    spelt = models.TextField()
    status = models.TextField(default="")
    sender = models.UUIDField(null=True)
    kind = models.TextField(default="")
    state = models.TextField(default="")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    files = models.TextField(default="")
    purpose = models.TextField()
    kept_at = models.DateTimeField()
    since_at = models.DateTimeField()
    last_hit = models.BigIntegerField(default=0)

    class Meta:
        db_table = "casework_kept_search"
        constraints = [models.UniqueConstraint(fields=["unit", "owner", "name"], name="casework_kept_search_name")]

    def __str__(self) -> str:
        return f"kept search {self.id}"

    @property
    def kept_by(self) -> str:
        """The owner as the ledger names it."""
        return f"{self.via}:{self.owner}"


class KeptTerm(models.Model):
    """One thing by which a referral can hit a kept search, by the way that it would be found.

    ``number`` and ``digest``: the same value. ``report`` and ``identifier``: one that begins so. ``picture``: a fingerprint near this
    one. ``words``: a word without which no answer is one; ``any``: the question asks only for what is not there, so every
    referral is to be looked at.
    """

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(KeptSearch, on_delete=models.CASCADE, related_name="terms", db_index=False)
    way = models.TextField()
    value = models.TextField()

    class Meta:
        db_table = "casework_kept_term"
        constraints = [models.UniqueConstraint(fields=["search", "way", "value"], name="casework_kept_term_once")]

    def __str__(self) -> str:
        return f"{self.way} of {self.search_id}"


class KeptHit(models.Model):
    """A referral hit a kept search: said once. ``ways`` are those by which it was found, blanks between."""

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(KeptSearch, on_delete=models.CASCADE, related_name="hits", db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+", db_index=False)
    ways = models.TextField()
    found_at = models.DateTimeField()

    class Meta:
        db_table = "casework_kept_hit"
        constraints = [models.UniqueConstraint(fields=["referral", "search"], name="casework_kept_hit_once")]
        indexes = [models.Index(fields=["search", "-id"], name="casework_kept_hit_newest")]

    def __str__(self) -> str:
        return f"hit {self.id}"


class KeptSeen(models.Model):
    """Up to which hit of a kept search an officer has seen them."""

    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(KeptSearch, on_delete=models.CASCADE, related_name="+", db_index=False)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+", db_index=False)
    hit = models.BigIntegerField()

    class Meta:
        db_table = "casework_kept_seen"
        constraints = [models.UniqueConstraint(fields=["search", "officer"], name="casework_kept_seen_once")]

    def __str__(self) -> str:
        return f"{self.officer_id} up to {self.hit}"


class KeptPending(models.Model):
    """A referral that is still to be compared with the kept searches of its unit; taken away with what it led to.

    ``files_only``: only its files are news, since they were looked into.
    """

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    files_only = models.BooleanField()

    class Meta:
        db_table = "casework_kept_pending"
        indexes = [
            models.Index(fields=["unit", "id"], name="casework_kept_pending_unit"),
            models.Index(fields=["referral"], name="casework_kept_pending_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} waits"
