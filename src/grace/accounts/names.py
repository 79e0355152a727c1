"""The names behind the ledger's opaque actors, for whoever may see who did what."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from grace.accounts.models import ApiToken, Officer


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of officers and tokens by their references; others (``system:rules``) are left out."""
    wanted: dict[str, set[UUID]] = {"officer": set(), "token": set()}
    for actor in actors:
        kind, _, key = actor.partition(":")
        with suppress(ValueError, KeyError):
            wanted[kind].add(UUID(key))
    officers = Officer.objects.filter(id__in=wanted["officer"]).values_list("id", "display_name")
    programs = ApiToken.objects.filter(id__in=wanted["token"]).values_list("id", "name")
    return {**{f"officer:{key}": name for key, name in officers}, **{f"token:{key}": name for key, name in programs}}
