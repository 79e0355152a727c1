"""Every value of the document at its path, so that nothing a sender wrote is out of reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from grace.intake.formats.json_document import MAX_DEPTH, Repeated
from grace.sdk.intake import Leaf, Note, Unreadable

MAX_LEAVES = 500_000

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
    """One pass over the tree; collects leaves and notes."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.notes: list[Note] = []

    def document(self, tree: dict[str, object], shape: Shape) -> None:
        """Walk the whole document. Raises :class:`Unreadable` for too many values or too deep nesting."""
        self._object(tree, "$", shape, 1)
        if len(self.leaves) > MAX_LEAVES:
            raise Unreadable("too-many-values", f"The document holds more than {MAX_LEAVES} values.")

    def _object(self, value: dict[str, object], path: str, shape: Shape, depth: int) -> None:
        known = shape.members
        other = shape.more or _UNKNOWN
        leaves = self.leaves
        for key, item in value.items():
            inner = known.get(key, other)
            here = f"{path}.{key}" if key in known or _PLAIN.fullmatch(key) else self._odd(path, key)
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

    def _odd(self, path: str, key: str) -> str:
        if isinstance(key, Repeated):
            self.notes.append(Note("duplicate-key", path, "A key stands twice in one object; the first value counts, all are shown."))
        escaped = key.replace("\\", "\\\\").replace("'", "\\'")
        return f"{path}['{escaped}']"
