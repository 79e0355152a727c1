"""Where an address is registered: data on this machine, never a question to the outside (ADR 12).

Asked in this order: the operator's table of national allocations (``GRACE_NETWORKS``), the operator's own ``.mmdb``
(``GRACE_MMDB``), the registries' data inside the package ``iptocc``. The first that knows the address answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache

from django.conf import settings

from grace.routing.countries import state_of
from grace.routing.places.mmdb import Mmdb
from grace.routing.places.networks import read_networks
from grace.routing.places.port import Place, Register
from grace.routing.places.registry import Registry

__all__ = ["Place", "Places", "Register", "places"]

_KEPT = 65_536


class Places:
    """The registers of this installation, asked in order; the answers about the last 65,536 addresses are kept."""

    def __init__(self, registers: Sequence[Register]) -> None:
        self._registers = tuple(registers)
        self.version = "; ".join(each.version for each in registers)
        """Names and versions of the registers: kept with every proposal that rests on them."""
        self.place = lru_cache(maxsize=_KEPT)(self._place)

    def _place(self, address: str) -> Place | None:
        """The place of an address in its normal spelling; None where no register knows it."""
        for each in self._registers:
            found = each.place(address)
            state = state_of(found.state) if found else None
            if found and state:
                return replace(found, state=state)
        return None


@cache
def places() -> Places:
    """The registers that the settings name. Raises ``Invalid`` with the line where a file of the operator is wrong."""
    registers: list[Register] = []
    if settings.GRACE_NETWORKS:
        registers.append(read_networks(settings.GRACE_NETWORKS))
    if settings.GRACE_MMDB:
        registers.append(Mmdb(settings.GRACE_MMDB))
    return Places([*registers, Registry()])
