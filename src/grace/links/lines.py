"""Lines and mail domains that many share, as whoever runs GRACE lists them: what comes from there belongs to nobody and links nothing.

A list is a text, one entry a line: kind, value and, if wanted, a note, with commas between; ``#`` begins a remark::

    cgnat, 203.0.113.0/24, Example Mobile, since May
    vpn, 2001:db8:40::/48
    mail, requests.example.net, a provider's own addresses

``cgnat``, ``proxy`` and ``vpn`` take an address or a network, ``mail`` a domain with all below it. Each import is a version that replaces
the one before; nothing is ever fetched.
"""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.links.models import SharedLines
from grace.links.spans import Span, merged

MOST_ENTRIES = 100_000
MOST_BYTES = 8_000_000
MOST_FAULTS = 20
MOST_NOTE = 500
NETWORKS = ("cgnat", "proxy", "vpn")
KINDS = (*NETWORKS, "mail")
WIDEST = {4: 8, 6: 19}
"""The shortest prefix that is taken: a slip of the pen must not silence half of the network."""
_LAST = UUID(int=2**128 - 1)
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")

Entry = tuple[str, str, str]
"""Kind, value in its normal spelling, note."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Addresses as spans of numbers that lie apart, by version of the protocol; domains of mail."""

    spans: Mapping[int, tuple[Span, ...]]
    domains: frozenset[str]

    @classmethod
    def of(cls, entries: Iterable[Sequence[str]]) -> Lines:
        """From entries."""
        spans: dict[int, list[Span]] = {4: [], 6: []}
        domains = set()
        for kind, value, *_note in entries:
            if kind == "mail":
                domains.add(value)
            else:
                network = ipaddress.ip_network(value)
                spans[network.version].append((int(network.network_address), int(network.broadcast_address)))
        return cls({version: tuple(merged(some)) for version, some in spans.items()}, frozenset(domains))

    def __bool__(self) -> bool:
        return bool(self.domains) or any(self.spans.values())

    def names(self, kind: str, value: str) -> bool:
        """Whether an identifier in its normal spelling is of a listed line or domain."""
        if kind == "email":
            return self._has_domain(value.rpartition("@")[2].casefold())
        return kind == "ip" and any(self.spans.values()) and self._has_address(value)

    def _has_domain(self, domain: str) -> bool:
        parts = domain.split(".")
        return any(".".join(parts[start:]) in self.domains for start in range(len(parts))) if self.domains else False

    def _has_address(self, value: str) -> bool:
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        spans, number = self.spans[address.version], int(address)
        place = bisect_right(spans, (number, 2**128)) - 1
        return place >= 0 and number <= spans[place][1]


NONE = Lines({4: (), 6: ()}, frozenset())


def read(text: str) -> list[Entry]:
    """The entries of a list, sorted, each once. Raises ``Invalid`` with the first faults, one a line."""
    found: dict[tuple[str, str], Entry] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        told = line.partition("#")[0].strip()
        if told:
            try:
                entry = _entry(told)
            except ValueError as fault:
                faults.append(_("line %(number)d: %(fault)s") % {"number": number, "fault": fault})
                if len(faults) == MOST_FAULTS:
                    break
            else:
                found[entry[:2]] = entry
    if len(found) > MOST_ENTRIES:
        faults.append(_("A list has %(most)d entries at most.") % {"most": MOST_ENTRIES})
    if faults:
        raise Invalid("\n".join(faults), remedy=_("Mend these lines and try again; nothing was changed."))
    return [found[key] for key in sorted(found)]


def write(entries: Iterable[Sequence[str]]) -> str:
    """The list as a text that can be read again."""
    return "".join(", ".join(filter(None, each)) + "\n" for each in entries)


def _entry(line: str) -> Entry:
    kind, value, note = (each.strip() for each in [*line.split(",", 2), "", ""][:3])
    kind = kind.casefold()
    if kind not in KINDS:
        raise ValueError(_("it must begin with one of %(kinds)s") % {"kinds": ", ".join(KINDS)})
    if "\0" in note or len(note) > MOST_NOTE:
        raise ValueError(_("its note is too long"))
    return kind, _domain(value) if kind == "mail" else _network(value), note


def _domain(value: str) -> str:
    found = value.removeprefix("@").rstrip(".").casefold()
    if not _DOMAIN.fullmatch(found):
        raise ValueError(_("“%(value)s” is no domain") % {"value": value[:80]})
    return found


def _network(value: str) -> str:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise ValueError(_("“%(value)s” is no address and no network") % {"value": value[:80]}) from None
    if network.prefixlen < WIDEST[network.version]:
        raise ValueError(_("%(value)s is too wide: at least /%(least)d") % {"value": value, "least": WIDEST[network.version]})
    return str(network)


def newest() -> SharedLines | None:
    """The version in force; None where there never was any."""
    return SharedLines.objects.order_by("-number").first()


def in_force() -> Lines:
    """What the version in force names. Asks each time which that is, and for its entries once."""
    found = SharedLines.objects.order_by("-number").values_list("number", "edited_at").first()
    return _lines(*found) if found else NONE


def of_version(number: int) -> Lines:
    """What a version names; the one before the first names nothing."""
    found = SharedLines.objects.filter(number=number).values_list("number", "edited_at").first()
    return _lines(*found) if found else NONE


@lru_cache(maxsize=4)
def _lines(number: int, _edited_at: datetime) -> Lines:
    return Lines.of(SharedLines.objects.get(number=number).entries)


def put(viewer: Viewer, entries: Sequence[Entry], note: str, now: datetime, *, seen: int) -> SharedLines:
    """Put a new version in force for the whole installation, upon version ``seen`` (0: none), in the caller's transaction.

    Raises ``Refused``, ``Invalid`` without a note or where nothing changes, ``Conflict`` where another version is in force by now.
    """
    viewer.require(Capability.ADMINISTER)
    if not note.strip() or len(note) > MOST_NOTE or "\0" in note:
        raise Invalid(_("A new list needs a note of at most %(most)d characters.") % {"most": MOST_NOTE}, remedy=_("Say why."))
    present = newest()
    if (present.number if present else 0) != seen:
        raise Conflict(_("Another list came into force meanwhile."), remedy=_("Read it, and change that one."))
    body = [list(each) for each in entries]
    if body == (present.entries if present else []):
        raise Invalid(_("This list is in force already."), remedy=_("Nothing is to be done."))
    made, is_new = SharedLines.objects.get_or_create(
        number=seen + 1, defaults={"entries": body, "note": note.strip(), "edited_by": viewer.actor, "edited_at": now}
    )
    if not is_new:
        raise Conflict(_("Another list came into force meanwhile."), remedy=_("Read it, and change that one."))
    return made


def version(viewer: Viewer, number: int) -> SharedLines:
    """One version. Raises ``Missing`` where there is none."""
    _require(viewer)
    found = SharedLines.objects.filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such version."))
    return found


def versions(viewer: Viewer) -> list[SharedLines]:
    """All versions without their entries, the newest first."""
    _require(viewer)
    return list(SharedLines.objects.defer("entries").order_by("-number"))


def share_followed(told: SharedLines) -> float:
    """From 0 to 1: how far the identifiers have been gone through. Their keys are digests, and so lie evenly."""
    return 1.0 if told.followed_at else told.looked_until.int / _LAST.int


def differing(number: int, identifiers: Iterable[tuple[UUID, str, str]]) -> Iterator[UUID]:
    """Those identifiers (key, kind, value) of which this version says something else than the one before."""
    now, before = of_version(number), of_version(number - 1)
    return (key for key, kind, value in identifiers if now.names(kind, value) != before.names(kind, value))


def _require(viewer: Viewer) -> None:
    if not viewer.may(Capability.ADMINISTER):
        viewer.require(Capability.READ)
