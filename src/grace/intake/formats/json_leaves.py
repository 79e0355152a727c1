"""Every value of the document at its path, so that nothing a sender wrote is out of reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grace.intake.formats.json_document import MAX_DEPTH, Repeated
from grace.intake.formats.room import Room, check_name
from grace.sdk.intake import Leaf, Note, Unreadable

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a place: ``members`` of an object, ``items`` of a list, ``value`` where a single value may stand.

    ``more`` is what stands under keys of the sender's own choice, where such are allowed.
    """

    members: Mapping[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    value: bool = True
    more: Shape | None = None


_UNKNOWN = Shape(value=False)
_LITERALS = {None: "null", True: "true", False: "false"}


class Walk:
    """One pass over the tree; collects leaves and notes, as far as there is room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.leaves: list[Leaf] = []
        self.notes: list[Note] = []

    def document(self, tree: dict[str, object], shape: Shape) -> None:
        """Walk the whole document. Raises :class:`Unreadable` for too many values or too deep nesting."""
        self._object(tree, "$", shape, 1)

    def _object(self, value: dict[str, object], path: str, shape: Shape, depth: int) -> None:
        known = shape.members
        other = shape.more or _UNKNOWN
        leaves = self.leaves
        self._room.take(path, len(value))
        for key, item in value.items():
            inner = known.get(key, other)
            here = f"{path}.{key}" if key in known else self._unknown(path, key)
            if isinstance(item, str):
                leaves.append(Leaf(here, str(item), inner.value))
            elif item is None or item is True or item is False:
                leaves.append(Leaf(here, _LITERALS[item], inner.value))
            else:
                self._inside(item, here, inner, depth)

    def _inside(self, value: object, path: str, shape: Shape, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise Unreadable("too-deep", f"The JSON document nests deeper than {MAX_DEPTH} levels.")
        if isinstance(value, dict) and value:
            self._object(value, path, shape, depth + 1)
        elif isinstance(value, list) and value:
            inner = shape.items or _UNKNOWN
            self._room.take(path, len(value))
            for index, item in enumerate(value):
                self._item(item, f"{path}[{index}]", inner, depth)
        else:
            self.leaves.append(Leaf(path, "{}" if isinstance(value, dict) else "[]", shape.value))

    def _item(self, item: object, path: str, shape: Shape, depth: int) -> None:
        if isinstance(item, str):
            self.leaves.append(Leaf(path, str(item), shape.value))
        elif item is None or isinstance(item, bool):
            self.leaves.append(Leaf(path, _LITERALS[item], shape.value))
        else:
            self._inside(item, path, shape, depth + 1)

    def _unknown(self, path: str, key: str) -> str:
        check_name(key)
        if _PLAIN.fullmatch(key):
            return f"{path}.{key}"
        if isinstance(key, Repeated):
            self.notes.append(Note("duplicate-key", path, "A key stands twice in one object; the first value counts, all are shown."))
        escaped = key.replace("\\", "\\\\").replace("'", "\\'")
        return f"{path}['{escaped}']"
