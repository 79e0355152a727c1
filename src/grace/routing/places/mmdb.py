"""A ``.mmdb`` file that the operator has licensed and supplies; read by ``maxminddb``, which is not installed by default."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from grace.kernel.errors import Invalid
from grace.routing.places.port import Place

SOURCE = "mmdb"


class Mmdb:
    """Any country or city database of that format; its own marks of anonymous and hosting networks are heeded."""

    def __init__(self, path: Path) -> None:
        try:
            library = import_module("maxminddb")
        except ImportError as fault:
            raise Invalid("GRACE_MMDB needs the package maxminddb.", remedy="Install it: pip install 'grace-platform[mmdb]'.") from fault
        try:
            self._reader: Any = library.open_database(str(path))
        except (OSError, ValueError, library.InvalidDatabaseError) as fault:
            raise Invalid(f"{path.name}, the file of GRACE_MMDB, cannot be read.", remedy="Mend the file or its path.") from fault
        told = self._reader.metadata()
        self.version = f"{told.database_type} {told.build_epoch}"

    def place(self, address: str) -> Place | None:
        """The country where the file says that the address is used, else where it is registered."""
        try:
            found = self._reader.get(address)
        except ValueError:
            return None
        return read_record(found) if isinstance(found, Mapping) else None


def read_record(record: Mapping[str, Any]) -> Place | None:
    """What one record says; None where it names no country."""
    traits = record.get("traits") or {}
    for key in ("country", "registered_country"):
        country = record.get(key)
        code = country.get("iso_code") if isinstance(country, Mapping) else None
        if isinstance(code, str) and code:
            return Place(code, SOURCE, any(traits.get(f"is_{name}") for name in ("anonymous", "anonymous_vpn", "hosting_provider")))
    return None
