"""What an officer asks of the queue, as the address says it, and the addresses of its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from grace.casework.queue import Filters
from grace.kernel import clock
from grace.kernel.errors import Invalid
from grace.routing.countries import states
from grace.routing.words import EUROPOL
from grace.web.addressed import Addressed

_MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Asked(Addressed):
    """The query of the address."""

    q: str = ""
    like: str = ""
    status: str = ""
    whose: str = ""
    kind: str = ""
    sender: str = ""
    state: str = ""
    group: str = ""
    urgent: str = ""
    new: str = ""
    every: str = ""
    over_share: str = ""
    below: str = ""
    language: str = ""
    older: str = ""
    waits: str = ""
    own: str = ""
    after: str = ""
    before: str = ""

    @property
    def searches(self) -> bool:
        """Whether the officer looks for something, so that every status is shown unless one was chosen."""
        return bool(self.q or self.like or self.group or self.over_share)

    @property
    def filters(self) -> Filters:
        """For the verb. Raises :class:`Invalid` where an address was made by hand and badly."""
        return Filters(
            status=self.status or ("" if self.searches else "open"),
            whose=self.whose,
            sender=sender_of(self.sender),
            kind=self.kind,
            state=_state(self.state),
            group=_group(self.group),
            urgent=bool(self.urgent),
            text=self.q,
            like=_number(self.like),
            every=bool(self.every),
            over_share=clock.now().date() if self.over_share else None,
            below=_number(self.below),
            language=_language(self.language),
            older=_days_ago(self.older),
            waits=self.waits,
            own=self.own,
        )

    def but(self, **changes: str) -> str:
        """The address of the same question with changes, from its first page."""
        return replace(self, **{"after": "", "before": "", **changes}).address

    def each(self, name: str, values: Iterable[str]) -> list[str]:
        """The addresses of the same question with one field changed: the rest is put together once."""
        before, _hole, behind = self.but(**{name: "hole"}).partition(f"{name}=hole")  # in a value no = is left
        return [f"{before}{name}={quote_plus(value)}{behind}" for value in values]

    @property
    def address(self) -> str:
        """Where this question is answered."""
        return _at("queue", self.told())

    @property
    def analysed(self) -> str:
        """Where the files of all that it finds can be analysed."""
        return _at("analyse", replace(self, after="", before="").told())


def _at(route: str, query: Mapping[str, str]) -> str:
    return f"{_address(route)}?{urlencode(query)}" if query else _address(route)


@cache
def _address(route: str) -> str:
    return reverse(route)  # a page of the queue asks a hundred times


def sender_of(text: str) -> UUID | None:
    """The sender that an address names, if it does. Raises :class:`Invalid` for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Invalid(_("This is not an address of the queue."), remedy=_("Choose the sender from the list.")) from fault


def _state(text: str) -> str:
    if text and text != EUROPOL and text not in states():
        raise Invalid(_("This is not an address of the queue."), remedy=_("Choose the state from the list."))
    return text


def _group(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as fault:
        raise Invalid(_("This is not an address of the queue."), remedy=_("Open the group and choose a state there.")) from fault


def _language(text: str) -> str:
    if text and not (len(text) == 2 and text.isascii() and text.isalpha() and text.islower()):
        raise Invalid(_("This is not an address of the queue."), remedy=_("Follow the numbers on the page of order and pace."))
    return text


def _days_ago(text: str) -> datetime | None:
    days = _number(text)
    if days is not None and days > _MOST_DAYS:
        raise Invalid(_("This is not an address of the queue."))
    return None if days is None else clock.now() - timedelta(days=days)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(_("This is not an address of the queue."))
    return int(text)
