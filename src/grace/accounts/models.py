"""Tables of units and officers."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from grace.kernel.ids import new_id


class Unit(models.Model):
    """A part of the agency that receives referrals of its own; its officers see these and no others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    slug = models.SlugField(unique=True)

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
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects: ClassVar[BaseUserManager[Officer]] = BaseUserManager()

    class Meta:
        db_table = "accounts_officer"

    def __str__(self) -> str:
        return self.display_name
