"""The table of idempotency keys: what was answered to a request, so that sending it again does nothing twice."""

from __future__ import annotations

from django.db import models


class Answered(models.Model):
    """One answered request of one token. ``request`` is the digest of what was sent, ``answer`` what was said."""

    pk = models.CompositePrimaryKey("token_id", "key")
    token_id = models.UUIDField()
    key = models.TextField()
    request = models.BinaryField()
    status = models.SmallIntegerField()
    answer = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "api_answered"

    def __str__(self) -> str:
        return f"{self.status} at {self.answered_at}"
