"""How much a shared value says: plain data, by kind, and what belongs to nobody and so links nothing.

A value that ``k`` referrals of the unit share speaks with odds of ``odds * half / (half + k - 2)`` to one that two of them belong
together; one that more than ``limit`` share is a hub and says nothing. The odds of all that two referrals share are added, not
multiplied: an account's name, mail and number are one piece of evidence more than three.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """``days`` is the time after which an address is worth half: addresses move on to others. 0: time does not matter."""

    odds: float
    half: float
    limit: int
    days: float = 0

    def shared_by(self, number: int) -> float:
        """The odds of a value of this kind that so many referrals share."""
        return 0.0 if number > self.limit else self.odds * self.half / (self.half + max(0, number - 2))


@dataclass(frozen=True, slots=True)
class Weights:
    """Odds from ``linked`` on join circles, from ``shown`` on they are shown. A circle of more than ``most`` falls apart at the next of ``steps``."""

    linked: float
    shown: float
    steps: tuple[float, ...]
    most: int
    in_text: float
    weak: float
    kinds: Mapping[str, Kind]


@cache
def _body() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(files("grace.links").joinpath("weights.json").read_text(encoding="utf-8"))
    return body


@cache
def weights() -> Weights:
    """The weights in force."""
    body = _body()
    kinds = {name: Kind(**each) for name, each in body["kinds"].items()}
    return Weights(body["linked"], body["shown"], tuple(body["steps"]), body["most"], body["in_text"], body["weak"], kinds)


def strength(odds: float) -> float:
    """Odds as a share from 0 to 1."""
    return odds / (1 + odds)


@cache
def _nobody() -> tuple[frozenset[str], frozenset[str]]:
    found = _body()["nobody"]
    return frozenset(found["mailboxes"]), frozenset(found["words"])


@cache
def _networks() -> Mapping[int, list[tuple[int, int]]]:
    """The first and the last address, as numbers, of each network that is nobody's, by version of the protocol."""
    found: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
    for each in map(ipaddress.ip_network, _body()["nobody"]["networks"]):
        found[each.version].append((int(each.network_address), int(each.broadcast_address)))
    return found


def is_nobodys(kind: str, value: str) -> bool:
    """Whether a value in its normal spelling names nobody: a shared or private address, a provider's own mailbox, a stand-in word."""
    mailboxes, words = _nobody()
    if kind == "ip":
        return _is_shared_address(value)
    if kind == "email":
        return value.partition("@")[0].casefold() in mailboxes | words
    return value.strip().casefold() in words


def _is_shared_address(value: str) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return True
    number = int(address)
    return any(first <= number <= last for first, last in _networks()[address.version])
