"""Which store and which keys this process uses: from the settings, or a stand-in inside a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from grace.evidence.vault.folder import FolderStore
from grace.evidence.vault.keys import KeyRing, read_ring
from grace.evidence.vault.port import Store


@dataclass(frozen=True, slots=True)
class Place:
    """A store and the keys of what lies in it."""

    store: Store
    keys: KeyRing


_stand_ins: list[Place] = []


def here() -> Place:
    """The place in use. Raises :class:`~grace.evidence.errors.KeyAway` where the agency key cannot be read."""
    if _stand_ins:
        return _stand_ins[-1]
    return _from_settings(Path(settings.GRACE_VAULT_PATH), Path(settings.GRACE_AGENCY_KEY_PATH))


@lru_cache(maxsize=8)
def _from_settings(vault: Path, key: Path) -> Place:
    return Place(FolderStore(vault), read_ring(key))


@contextmanager
def standing_in(place: Place) -> Iterator[Place]:
    """Use another place inside the block, as tests do; it holds for the whole process, threads included."""
    _stand_ins.append(place)
    try:
        yield place
    finally:
        _stand_ins.pop()


def sync_seconds() -> float:
    """Seconds that this process has waited for the vault's disk."""
    return here().store.sync_seconds
