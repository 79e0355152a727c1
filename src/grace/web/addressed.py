"""The query of an address as an object with one field each: how it is read, and what of it says something."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Addressed:
    """The query of an address: a subclass names its fields, all texts; empty fields are left out of addresses made of it."""

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """What the query says; a NUL, which no database takes, is refused."""
        found = cls(**{each.name: query.get(each.name, "").strip() for each in fields(cls)})
        if any("\0" in value for value in found.told().values()):
            raise Invalid(_("This is not an address of this list."))
        return found

    def told(self) -> dict[str, str]:
        """The fields that say something."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}
