"""What differs from the schema, told as notes: the document is read all the same."""

from __future__ import annotations

from collections.abc import Iterator

from grace.identifiers import moments
from grace.intake.formats.cybertipline.document import Node
from grace.sdk.intake import Note

_TRUE = frozenset({"", "true", "1"})


def is_raised(flag: Node) -> bool:
    """Whether a flag is set: by its presence; ``false`` and ``0`` count as absent."""
    return flag.text.strip().lower() in _TRUE


def deviations(node: Node) -> Iterator[Note]:
    """The deviations of the element and of all below it."""
    yield from _of_children(node)
    yield from _of_value(node)
    for name in node.attributes:
        if name not in node.shape.attributes and not name.startswith("xsi:"):
            yield Note("unknown-attribute", f"{node.path}/@{name}", "The schema has no such attribute here; it is kept as it stands.")
    for child in node.children:
        if child.known:
            yield from deviations(child)
        else:
            yield Note("unknown-element", child.path, "The schema has no such element here; it is kept as it stands.")


def _of_children(node: Node) -> Iterator[Note]:
    order = {name: place for place, name in enumerate(node.shape.children)}
    counts: dict[str, int] = {}
    last, in_order = 0, True
    for child in node.children:
        counts[child.name] = counts.get(child.name, 0) + 1
        place = order.get(child.name, last)
        in_order = in_order and place >= last
        last = place
        if counts[child.name] == 2 and child.known and child.name not in node.shape.many:
            yield Note("repeated-element", child.path, "The schema allows one such element; the first counts, all are shown.")
    if node.shape.ordered and not in_order:
        yield Note("wrong-order", node.path, "The elements are not in the order of the schema.")
    for name in sorted(node.shape.needed - counts.keys()):
        yield Note("missing-element", f"{node.path}/{name}", "The schema asks for this element.")


def _of_value(node: Node) -> Iterator[Note]:
    shape = node.shape
    if shape.is_time and moments.read(node.text).wall is None:
        yield Note("bad-time", node.path, "This is no date and time; it is kept as it stands.")
    if shape.is_flag and not is_raised(node):
        yield Note("flag-false", node.path, "A flag is raised by being there; with this value it counts as absent.")
    if shape.values and node.text.strip() not in shape.values:
        yield Note("unlisted-value", node.path, "The schema does not list this value.")
