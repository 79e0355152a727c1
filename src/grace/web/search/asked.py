"""What an officer searches for, as the address says it, and the addresses of its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from grace.casework.search_narrow import Narrow
from grace.kernel.errors import Invalid
from grace.web.queue.asked import sender_of


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of the address, one field each; empty fields are left out of addresses made of it."""

    q: str = ""
    status: str = ""
    sender: str = ""
    kind: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    files: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> Asked:
        """What the query says; a NUL, which no database takes, is refused."""
        found = cls(**{each.name: query.get(each.name, "").strip() for each in fields(cls)})
        if any("\0" in value for value in found.told().values()):
            raise Invalid(_("This is not an address of the search."))
        return found

    def told(self) -> dict[str, str]:
        """The fields that say something."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @property
    def narrow(self) -> Narrow:
        """For the verb. Raises :class:`Invalid` where an address was made by hand and badly."""
        return Narrow(
            status=self.status,
            sender=sender_of(self.sender),
            kind=self.kind,
            state=self.state,
            since=_day(self.since),
            until=_day(self.until),
            files=self.files,
        )

    def but(self, **changes: str) -> str:
        """The address of the same question with changes, from its first page."""
        told = replace(self, **{"after": "", **changes}).told()
        return f"{reverse('search')}?{urlencode(told)}" if told else reverse("search")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise Invalid(_("This is not a day."), remedy=_("Write it as year, month and day: 2026-11-27.")) from fault
