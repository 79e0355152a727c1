"""The operator's own table of networks: national allocations that say more than the registries, as a CSV file.

    network,state,kind
    192.0.2.0/28,AT,
    198.51.100.224/28,NL,hosting

``kind`` may be left out; ``hosting`` marks computers for hire. Of several networks that hold an address the smallest counts.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from socket import AF_INET, AF_INET6, inet_pton

from grace.kernel.errors import Invalid
from grace.routing.countries import states
from grace.routing.places.port import Place

MOST_NETWORKS = 1_000_000
MOST_BYTES = 64 << 20
SOURCE = "networks"

_Table = dict[tuple[int, int], dict[int, Place]]
"""By version and prefix length: the network's number, and its place."""


class Networks:
    """A table in memory: one look into a dictionary for each prefix length that occurs."""

    def __init__(self, rows: Iterator[tuple[IPv4Network | IPv6Network, Place]], version: str) -> None:
        self.version = version
        self._table: _Table = {}
        for network, place in rows:
            lengths = self._table.setdefault((network.version, network.prefixlen), {})
            lengths[int(network.network_address) >> (network.max_prefixlen - network.prefixlen)] = place
        self._lengths = sorted(self._table, key=lambda each: -each[1])

    def place(self, address: str) -> Place | None:
        """The place that the smallest network around the address has."""
        family, version, bits = (AF_INET6, 6, 128) if ":" in address else (AF_INET, 4, 32)
        try:
            number = int.from_bytes(inet_pton(family, address))  # a tenth of what ipaddress takes
        except (OSError, ValueError):
            return None
        for lengths_of, length in self._lengths:
            if lengths_of == version:
                found = self._table[version, length].get(number >> (bits - length))
                if found:
                    return found
        return None


def read_networks(path: Path) -> Networks:
    """The table in a file. Raises ``Invalid`` naming the line that is wrong."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Invalid(f"{path.name}, the table of GRACE_NETWORKS, cannot be read as UTF-8.", remedy="Mend the file or its path.") from fault
    if len(raw) > MOST_BYTES:
        raise Invalid(f"{path.name} is larger than {MOST_BYTES >> 20} MB.", remedy="Join neighbouring networks.")
    return Networks(_rows(path.name, text), f"networks {hashlib.sha256(raw).hexdigest()[:12]}")


def _rows(name: str, text: str) -> Iterator[tuple[IPv4Network | IPv6Network, Place]]:
    lines = csv.DictReader(text.splitlines())
    if not {"network", "state"} <= set(lines.fieldnames or ()):
        raise Invalid(f"{name} has no header with network and state.", remedy="Begin it with the line network,state,kind.")
    for row in lines:
        if lines.line_num > MOST_NETWORKS:
            raise Invalid(f"{name} has more than {MOST_NETWORKS} lines.", remedy="Join neighbouring networks.")
        state, kind = (row["state"] or "").strip().upper(), (row.get("kind") or "").strip()
        try:
            network = ip_network((row["network"] or "").strip())
        except ValueError as fault:
            raise Invalid(f"{name}, line {lines.line_num}: this is no network.", remedy="Write 192.0.2.0/24 or 2001:db8::/32.") from fault
        if state not in states() or kind not in {"", "hosting"}:
            raise Invalid(
                f"{name}, line {lines.line_num}: no such state or kind.", remedy="Write a code of ISO 3166-1, and hosting or nothing."
            )
        yield network, Place(state, SOURCE, kind == "hosting")
