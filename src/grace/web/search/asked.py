"""What an officer searches for, as the address says it, and the addresses of its neighbours."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from grace.casework import search_narrow
from grace.casework.kept_models import KeptSearch
from grace.casework.search_narrow import Narrow
from grace.kernel.errors import Invalid
from grace.web.addressed import Addressed
from grace.web.queue.asked import sender_of


@dataclass(frozen=True, slots=True)
class Asked(Addressed):
    """The query of the address; ``kept`` is the id of a kept search that may be changed to this one."""

    q: str = ""
    status: str = ""
    sender: str = ""
    kind: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    files: str = ""
    kept: str = ""
    after: str = ""

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

    @property
    def changing(self) -> UUID | None:
        """The kept search that may be changed to this one."""
        return sender_of(self.kept)

    @classmethod
    def asking(cls, kept: KeptSearch) -> Asked:
        """What a kept search asks."""
        narrow = {name: str(value) for name, value in asdict(search_narrow.of(kept)).items() if value}
        return cls(q=kept.text, **narrow)

    def but(self, **changes: str) -> str:
        """The address of the same question with changes, from its first page."""
        told = replace(self, **{"after": "", **changes}).told()
        return f"{reverse('search')}?{urlencode(told)}" if told else reverse("search")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise Invalid(_("This is not a day."), remedy=_("Write it as year, month and day: 2026-11-27.")) from fault
