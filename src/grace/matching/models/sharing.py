"""Tables of lists that others fetch from us, and of those that we fetch from others."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from grace.intake.models import SenderLogin
from grace.kernel.clock import now
from grace.matching.models.lists import HashList


class Sharing(models.Model):
    """A list that others may fetch, under a name in its address; and up to which moment anybody was told what changed."""

    hash_list = models.OneToOneField(HashList, primary_key=True, on_delete=models.CASCADE, related_name="sharing")
    name = models.TextField(unique=True)
    told_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_sharing"

    def __str__(self) -> str:
        return self.name


class Served(models.Model):
    """What readers of a list that we serve are told: which item changed, and when. Without a moment it waits to be told."""

    id = models.BigAutoField(primary_key=True)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="served")
    item = models.TextField()
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_served"
        constraints = [models.UniqueConstraint(fields=["hash_list", "item"], name="matching_served_once")]
        indexes = [
            models.Index(fields=["hash_list", "at"], name="matching_served_at"),
            models.Index(fields=["hash_list"], name="matching_served_new", condition=Q(at=None)),
        ]

    def __str__(self) -> str:
        return self.item


class Reader(models.Model):
    """A sender that may read a list that we serve, by the login and the secrets that it reports with."""

    id = models.BigAutoField(primary_key=True)
    hash_list = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="readers")
    login = models.ForeignKey(SenderLogin, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.TextField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_reader"
        constraints = [models.UniqueConstraint(fields=["hash_list", "login"], name="matching_reader_once", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return str(self.login_id)


class Feed(models.Model):
    """Where a list is fetched from, again and again: the address, where the reading stands, and how it went.

    The secret lies in a file, never here. ``until`` is the moment up to which everything has been told; ``following`` is
    the page where an unfinished round up to ``round_until`` goes on.
    """

    hash_list = models.OneToOneField(HashList, primary_key=True, on_delete=models.CASCADE, related_name="feed")
    address = models.TextField()
    secret_name = models.TextField()
    every_minutes = models.IntegerField(default=60)
    is_on = models.BooleanField(default=True)
    until = models.DateTimeField(null=True)
    round_until = models.DateTimeField(null=True)
    following = models.TextField(blank=True, default="")
    following_at = models.DateTimeField(null=True)
    pages = models.IntegerField(default=0)
    items = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    failed_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "matching_feed"
        constraints = [models.CheckConstraint(condition=Q(every_minutes__range=(1, 10_080)), name="matching_feed_every")]

    def __str__(self) -> str:
        return self.address
