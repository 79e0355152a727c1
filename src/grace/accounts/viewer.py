"""The viewer: who looks, for which unit, with which capabilities, and why. Every reading verb takes one."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from grace.accounts.capabilities import Capability
from grace.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Viewer:
    """An officer (or a program acting for a unit) in one act of looking or changing."""

    officer_id: UUID
    unit_id: UUID
    capabilities: AbstractSet[Capability]
    purpose: str

    @property
    def actor(self) -> str:
        """The opaque reference that the ledger keeps."""
        return f"officer:{self.officer_id}"

    def may(self, capability: Capability) -> bool:
        """Whether the viewer holds the capability."""
        return capability in self.capabilities

    def require(self, capability: Capability) -> None:
        """Raise :class:`Refused` unless the viewer holds the capability."""
        if not self.may(capability):
            raise Refused(f"This needs the capability “{capability}”.", remedy="Ask whoever administers accounts in your agency.")

    def for_purpose(self, purpose: str) -> Viewer:
        """The same viewer, looking for another stated purpose."""
        return replace(self, purpose=purpose)
