"""Bytes to nodes: no DTD, no entities, no network, strict limits; every text, attribute and comment becomes a leaf."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from grace.intake.formats.cybertipline.schema import Shape
from grace.intake.formats.room import Room, check_name
from grace.sdk.intake import Leaf, Unreadable

MAX_DEPTH = 100
"""Levels of nesting; the schema has 6."""
MAX_ATTRIBUTES = 1_000
"""Of one element: to read all of them takes a time that grows with the square of their number."""
MAX_MARKS = 1_500_000
"""No XML has more elements, comments and instructions than less-than signs: the bound that holds before memory is spent on them."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([^"'>]{0,40})""")
_READ = re.compile(rb"utf-?8|utf-?16(?:[lb]e)?|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d", re.IGNORECASE)
"""Encodings in which a less-than sign is one."""
_CUT_OFF = frozenset(
    {
        etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
        etree.ErrorTypes.ERR_DOCUMENT_END,
        etree.ErrorTypes.ERR_LTSLASH_REQUIRED,
        etree.ErrorTypes.ERR_GT_REQUIRED,
    }
)
_UNKNOWN = Shape()


@dataclass(slots=True)
class Node:
    """One element: its name, path, own text and attributes, children in order, and whether the schema knows it."""

    name: str
    path: str
    text: str
    attributes: dict[str, str]
    shape: Shape
    known: bool
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        """The children with this name."""
        return (child for child in self.children if child.name == name)

    def one(self, name: str) -> Node | None:
        """The first child with this name."""
        return next(self.all(name), None)

    def stated(self) -> str | None:
        """The text without surrounding blanks, or None where there is none."""
        return self.text.strip() or None

    def value(self, name: str) -> str | None:
        """What the first child with this name states."""
        child = self.one(name)
        return child.stated() if child else None


def parse(stream: BinaryIO, room: Room | None = None) -> etree._Element:
    """The root element. Raises :class:`Unreadable` for DTDs, truncation, malformed XML and what is larger than the ``room`` that is left."""
    raw = (room or Room()).read(stream)
    if not raw.strip():
        raise Unreadable("empty", "The document is empty.")
    if raw.count(b"<") > MAX_MARKS:
        raise Unreadable("too-many-values", f"The XML document holds more than {MAX_MARKS} elements.")
    declared = _DECLARED.search(raw[:400].replace(b"\x00", b""))
    if declared and not _READ.fullmatch(declared[1].strip()):
        raise Unreadable("malformed", "The XML document is written in an encoding that no report comes in.")
    if has_doctype(raw):
        raise Unreadable("dtd", "The XML document has a DTD; documents with DTDs are refused unread.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise _unreadable(raw, error) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("dtd", "The XML document has a DTD; documents with DTDs are refused unread.")
    return root


def has_doctype(raw: bytes) -> bool:
    """Whether a DOCTYPE stands before the root element; looked for before any parser sees the bytes."""
    plain = raw.removeprefix(_BOMS[0])
    if raw.startswith(_BOMS[1:]) or b"\x00" in raw[:4]:
        plain = raw[: 1 << 20].replace(b"\x00", b"").lstrip(b"\xff\xfe")
    position = 0
    while found := _PROLOG.match(plain, position):
        position = found.end()
    return plain[position : position + 9].upper() == b"<!DOCTYPE"


def _unreadable(raw: bytes, error: etree.XMLSyntaxError) -> Unreadable:
    if error.code in _CUT_OFF or not raw.rstrip().endswith(b">"):
        return Unreadable("truncated", f"The XML document ends in the middle (line {error.lineno}).")
    return Unreadable("malformed", f"No valid XML (line {error.lineno}).")


class Walk:
    """One pass over the tree; makes nodes and collects leaves, as far as there is room."""

    def __init__(self, prefix: str = "", room: Room | None = None) -> None:
        self.leaves: list[Leaf] = []
        self._room = room or Room()
        self._prefix = prefix
        self._namespace = ""

    def root(self, element: etree._Element, shape: Shape) -> Node:
        """The node of the root. Raises :class:`Unreadable` for too many values or too deep nesting."""
        check_name(str(element.tag))
        name = etree.QName(element)
        self._namespace = name.namespace or ""
        return self._node(element, name.localname, f"{self._prefix}/{name.localname}", shape, known=True, depth=1)

    def _node(self, element: etree._Element, name: str, path: str, shape: Shape, *, known: bool, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Unreadable("too-deep", f"The XML document nests deeper than {MAX_DEPTH} levels.")
        if len(element.attrib) > MAX_ATTRIBUTES:
            raise Unreadable("too-many-values", f"An element has more than {MAX_ATTRIBUTES} attributes.")
        self._room.take(path, len(element.attrib))
        node = Node(name, path, element.text or "", {}, shape, known)
        for key, value in element.attrib.items():
            self._attribute(node, str(key), str(value))
        if len(element) == 0:
            self.leaves.append(Leaf(path, node.text, known))
        else:
            self._inside(element, node, depth)
        return node

    def _attribute(self, node: Node, key: str, value: str) -> None:
        check_name(key)
        name = f"xsi:{key.removeprefix('{' + _XSI + '}')}" if key.startswith("{" + _XSI) else key
        node.attributes[name] = value
        self.leaves.append(Leaf(f"{node.path}/@{name}", value, node.known and name in node.shape.attributes))

    def _inside(self, element: etree._Element, node: Node, depth: int) -> None:
        self._loose(element.text, f"{node.path}/text()")
        self._room.take(node.path, len(element))
        names = [self._name(child) for child in element]
        counts = Counter(names)
        seen: Counter[str] = Counter()
        for child, name in zip(element, names, strict=True):
            seen[name] += 1
            path = f"{node.path}/{name}[{seen[name]}]" if counts[name] > 1 else f"{node.path}/{name}"
            if isinstance(child.tag, str):
                shape = node.shape.children.get(name)
                inner = self._node(child, name, path, shape or _UNKNOWN, known=shape is not None, depth=depth + 1)
                node.children.append(inner)
            else:
                self.leaves.append(Leaf(path, child.text or "", known=False))
            self._loose(child.tail, f"{path}/following-sibling::text()")

    def _loose(self, text: str | None, path: str) -> None:
        """Text between elements, where the schema has none."""
        if text and text.strip():
            self.leaves.append(Leaf(path, text, known=False))

    def _name(self, element: etree._Element) -> str:
        if not isinstance(element.tag, str):
            return "comment()" if isinstance(element, etree._Comment) else "processing-instruction()"  # noqa: SLF001 - lxml names the class so
        check_name(element.tag)
        name = etree.QName(element)
        return name.localname if (name.namespace or "") == self._namespace else element.tag
