"""Persons and their identifiers as the page shows them: one line per identifier, and no value at all while it is covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.referrals.models import Person, Sighting
from grace.referrals.read import Told
from grace.web import words

ROLES: Mapping[str, Promise] = {
    "reported": gettext_lazy("Reported account"),
    "recipient": gettext_lazy("Recipient"),
    "victim": gettext_lazy("Victim named by the sender"),
    "associated": gettext_lazy("Named beside them"),
    "sender": gettext_lazy("Who reports"),
}
KINDS: Mapping[str, Promise] = {
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "ip": gettext_lazy("address"),
    "url": gettext_lazy("link"),
    "user_id": gettext_lazy("user id"),
    "screen_name": gettext_lazy("screen"),
    "device": gettext_lazy("device"),
    "payment": gettext_lazy("payment"),
    "other": gettext_lazy("other"),
}
CATEGORIES: Mapping[str, Promise] = {
    "suspect": gettext_lazy("suspect"),
    "convicted": gettext_lazy("convicted"),
    "victim": gettext_lazy("victim"),
    "other": gettext_lazy("other person"),
}
_ORDER = tuple(ROLES)


@dataclass(frozen=True, slots=True)
class Ident:
    """One identifier of a party; ``value`` and ``written`` are empty while covered. ``in_text``: it stands in free text only."""

    kind: Promise | str
    value: str
    written: str
    times: int
    referrals: int
    address: str
    weak: bool
    verified: bool | None
    in_text: bool


@dataclass(frozen=True, slots=True)
class Party:
    """A person of the report, or what is said of nobody in particular; ``fields`` have empty values while covered."""

    label: Promise | str
    basis: str
    category: Promise | str
    fields: list[tuple[str, str]]
    idents: list[Ident]


def parties(told: Told, shared: Mapping[UUID, int], *, uncovered: bool) -> Iterator[Party]:
    """Everybody whom the version names, reported persons first; then identifiers that belong to a file or to nobody."""
    for person in sorted(told.persons, key=lambda each: (_ORDER.index(each.role) if each.role in _ORDER else len(_ORDER), each.ordinal)):
        idents = list(_idents(told.sightings_of(person), shared, uncovered=uncovered))
        yield Party(
            ROLES.get(person.role, person.role),
            person.basis,
            CATEGORIES.get(person.category, ""),
            _fields(person, uncovered=uncovered),
            idents,
        )
    loose = [each for each in told.sightings if each.person_id is None]
    for label, found in (
        (_("Found with files"), [each for each in loose if each.attachment_id]),
        (_("Elsewhere in the report"), [each for each in loose if not each.attachment_id]),
    ):
        if found:
            yield Party(label, found[0].basis, "", [], list(_idents(found, shared, uncovered=uncovered)))


def _fields(person: Person, *, uncovered: bool) -> list[tuple[str, str]]:
    return [(words.said(name.replace("_", " ")), str(value) if uncovered else "") for name, value in person.fields.items()]


def _idents(sightings: Iterable[Sighting], shared: Mapping[UUID, int], *, uncovered: bool) -> Iterator[Ident]:
    groups: dict[UUID, list[Sighting]] = {}
    for each in sightings:
        groups.setdefault(each.identifier_id, []).append(each)
    for key, group in groups.items():
        first = group[0]
        spellings = list(
            dict.fromkeys(each.as_written for each in group if each.as_written.casefold() != first.identifier.value.casefold())
        )
        yield Ident(
            kind=KINDS.get(first.identifier.kind, first.identifier.kind),
            value=_with_port(first.identifier.value, group) if uncovered else "",
            written=" · ".join(spellings[:3]) if uncovered else "",
            times=len(group),
            referrals=shared.get(key, 1),
            address=f"{reverse('queue')}?like={first.id}",
            weak=all(each.weak for each in group),
            verified=_verified(group),
            in_text=all(each.in_text for each in group),
        )


def _with_port(value: str, group: list[Sighting]) -> str:
    """An address with its port, where all sightings agree on one."""
    ports = {each.port for each in group if each.port is not None}
    return f"{value} : {ports.pop()}" if len(ports) == 1 else value


def _verified(group: Iterable[Sighting]) -> bool | None:
    """True where any sighting says verified, False where one says not, None where none says anything."""
    said = [each.verified for each in group if each.verified is not None]
    return any(said) if said else None
