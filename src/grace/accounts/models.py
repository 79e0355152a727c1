"""Tables of units, officers, their second factor, sessions, invitations and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from grace.accounts.capabilities import Capability
from grace.kernel.ids import new_id

if TYPE_CHECKING:
    from grace.accounts.sessions import SessionStore


class Unit(models.Model):
    """A part of the agency that receives referrals of its own; its officers see these and no others.

    ``contact`` is how another unit reaches it, where both work on the same: a desk, not a person.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    slug = models.SlugField(unique=True)
    contact = models.TextField(default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "accounts_unit"

    def __str__(self) -> str:
        return self.name


class Officer(AbstractBaseUser):
    """A person who signs in. No capability is implied: what an officer may do is listed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.TextField(unique=True)
    display_name = models.TextField()
    email = models.EmailField(blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officers")
    capabilities = ArrayField(models.TextField(), default=list)
    is_active = models.BooleanField(default=True)
    locked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    preferences = models.JSONField(default=dict)

    totp_sealed = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        db_table = "accounts_officer"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="accounts_officer_capability_known",
                condition=models.Q(capabilities__contained_by=[str(c) for c in Capability]),
            ),
            models.CheckConstraint(
                name="accounts_officer_confirmed_has_secret",
                condition=models.Q(totp_confirmed_at__isnull=True) | models.Q(totp_sealed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def held_capabilities(self) -> frozenset[Capability]:
        """What was given to the officer, whether or not it can be used in this session."""
        return frozenset(Capability(word) for word in self.capabilities)

    @property
    def is_enrolled(self) -> bool:
        """Whether a second factor was set up and shown to work."""
        return self.totp_confirmed_at is not None

    @property
    def initials(self) -> str:
        """At most two letters for the round mark."""
        words = self.display_name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class RecoveryCode(models.Model):
    """A code that replaces the device once; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_recovery_code"
        constraints: ClassVar = [models.UniqueConstraint(fields=["officer", "digest"], name="accounts_recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.officer_id}"


class Invitation(models.Model):
    """A link, valid once and for a short time, by which a person sets the own password. Without officer: the first administrator's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, null=True, related_name="invitations")
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_invitation"

    def __str__(self) -> str:
        return f"invitation of {self.officer_id or 'the first administrator'}"


class Throttle(models.Model):
    """How often something failed of late, by a keyed digest of a name or an address."""

    key = models.TextField(primary_key=True)
    failures = models.IntegerField()
    began_at = models.DateTimeField()
    rests_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_throttle"

    def __str__(self) -> str:
        return self.key


class Session(AbstractBaseSession):
    """A session of the web, found by the digest of its key: who reads this table cannot take a session over."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_session"

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """The store that reads and writes these rows."""
        from grace.accounts.sessions import SessionStore

        return SessionStore


class ApiToken(models.Model):
    """What a program shows to act for a unit; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tokens")
    digest = models.BinaryField(unique=True)
    capabilities = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_api_token"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="accounts_api_token_capability_known",
                condition=models.Q(capabilities__contained_by=[str(c) for c in Capability]),
            ),
        ]

    def __str__(self) -> str:
        return self.name
