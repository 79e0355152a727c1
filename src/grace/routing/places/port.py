"""The port: what a register of addresses answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """The state that an address is registered in, and by which register.

    ``hosting`` is True where the network is known to be one of computers for hire (hosting, VPN): then the address says
    where a computer stands, and little of who sits before another one.
    """

    state: str
    source: str
    hosting: bool = False


class Register(Protocol):
    """A register of addresses. The same address gets the same answer for the life of the process."""

    version: str

    def place(self, address: str) -> Place | None:
        """The place of an address in its normal spelling, or None. Never raises for what the text is."""
        ...
