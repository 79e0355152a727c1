"""For tests, here and by authors of other stores: the contract of a store to inherit, and a place in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from uuid import UUID

import pytest

from grace.evidence.vault.keys import KEY_BYTES, AgencyKey, ring_of
from grace.evidence.vault.memory import MemoryStore
from grace.evidence.vault.place import Place
from grace.evidence.vault.port import Store
from grace.kernel.ids import new_id


def place_in_memory() -> Place:
    """A vault that forgets, under an invented key; use it with ``standing_in``."""
    return Place(MemoryStore(), ring_of(AgencyKey("test", bytes(range(KEY_BYTES)))))


class StoreContract(ABC):
    """Inherit, say how a store is made, and pytest runs the contract on it."""

    @abstractmethod
    def make(self) -> Store:
        """A new, empty store."""

    @pytest.fixture
    def store(self, tmp_path_factory: pytest.TempPathFactory) -> Store:
        """The store under test."""
        self.folder = tmp_path_factory.mktemp("store")
        return self.make()

    def test_gives_back_what_was_put(self, store: Store) -> None:
        """Chunks come back joined."""
        object_id = new_id()
        store.put(object_id, iter([b"one", b"", b"two"]))
        with store.open(object_id) as stream:
            assert stream.read() == b"onetwo"
            assert stream.seek(3) == 3
            assert stream.read() == b"two"

    def test_gives_back_many(self, store: Store) -> None:
        """A batch of any size, the empty one included."""
        objects = [(new_id(), bytes([number]) * number) for number in range(20)]
        store.put_many(objects)
        store.put_many([])
        for object_id, content in objects:
            with store.open(object_id) as stream:
                assert stream.read() == content

    def test_never_replaces(self, store: Store) -> None:
        """An id is written once, alone or in a batch."""
        object_id = new_id()
        store.put(object_id, [b"first"])
        with pytest.raises(FileExistsError):
            store.put(object_id, [b"second"])
        with pytest.raises(FileExistsError):
            store.put_many([(object_id, b"third")])
        with store.open(object_id) as stream:
            assert stream.read() == b"first"

    def test_keeps_nothing_of_a_broken_write(self, store: Store) -> None:
        """Where the source fails, no object appears and the id is free."""

        def breaks() -> Iterator[bytes]:
            yield b"half"
            raise InterruptedError

        object_id = new_id()
        with pytest.raises(InterruptedError):
            store.put(object_id, breaks())
        assert list(store.list()) == []
        store.put(object_id, [b"whole"])

    def test_lists_in_order_and_goes_on_after(self, store: Store) -> None:
        """Ascending, across folders, resumable from any id."""
        ids = sorted(UUID(int=number << 100 | 7 << 76 | number) for number in (3, 1, 2, 1 << 20, 5 << 9))
        for object_id in reversed(ids):
            store.put(object_id, [b"x"])
        assert list(store.list()) == ids
        assert list(store.list(after=ids[1])) == ids[2:]
        assert list(store.list(after=ids[-1])) == []

    def test_deletes_once(self, store: Store) -> None:
        """Deleting says whether there was something."""
        object_id = new_id()
        store.put(object_id, [b"x"])
        assert store.delete(object_id)
        assert not store.delete(object_id)
        for missing in (store.open, store.age):
            with pytest.raises(FileNotFoundError):
                missing(object_id)

    def test_tells_the_age(self, store: Store) -> None:
        """In seconds."""
        object_id = new_id()
        store.put(object_id, [b"x"])
        assert 0 <= store.age(object_id) < 60

    def test_sweeping_takes_no_object(self, store: Store) -> None:
        """Only what was never finished goes."""
        store.put(new_id(), [b"x"])
        assert store.sweep(0) == 0
        assert len(list(store.list())) == 1
