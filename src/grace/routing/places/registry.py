"""The regional registries' delegations, inside the package ``iptocc``: the country of registration of most public addresses."""

from __future__ import annotations

from importlib.metadata import version

import iptocc

from grace.routing.places.port import Place


class Registry:
    """Addresses of documentation, private and reserved ranges belong to nobody and have no place."""

    def __init__(self) -> None:
        self.version = f"iptocc {version('iptocc')}"

    def place(self, address: str) -> Place | None:
        """The country of registration."""
        code = iptocc.country_code(address)
        return Place(code, "registry") if code else None
