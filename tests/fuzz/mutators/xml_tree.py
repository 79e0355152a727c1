"""XML: elements, attributes and texts are changed in the tree; entities, doctypes and declarations in what is written."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from lxml import etree

from tests.fuzz.mutators.hand import Hand

Element = etree._Element
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,60}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPOTS = re.compile(rb">[^<]*<")


def change(content: bytes, hand: Hand) -> bytes:
    """The document with a few changes; bytes that are no XML are only twisted."""
    try:
        root = etree.fromstring(content, PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return hand.twist(content)
    for _ in range(hand.dice.choice((1, 1, 1, 2, 3, 6))):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        hand.dice.choice(CHANGES)(hand.dice.choice(elements), root, hand)
    return _written(root, hand)


def _plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _name(hand: Hand) -> str:
    found = _NAME.search(hand.word())
    name = found[0] if found else "other"
    return f"{{urn:example:{hand.dice.randrange(3)}}}{name}" if hand.happens(0.08) else name


def _text(element: Element, _: Element, hand: Hand) -> None:
    element.text = _plain(hand.twisted(element.text or "") if hand.happens(0.4) else hand.text())


def _tail(element: Element, root: Element, hand: Hand) -> None:
    if element is not root:
        element.tail = _plain(hand.text())


def _attribute(element: Element, _: Element, hand: Hand) -> None:
    known = list(element.attrib)
    name = hand.dice.choice(known) if known and hand.happens(0.5) else _name(hand)
    element.set(name, _plain(hand.text()))
    if hand.happens(0.2):
        del element.attrib[name]


def _rename(element: Element, _: Element, hand: Hand) -> None:
    element.tag = _name(hand)


def _double(element: Element, root: Element, hand: Hand) -> None:
    if element is not root:
        for _time in range(hand.dice.choice((1, 1, 2, 20))):
            element.addnext(copy.deepcopy(element))


def _drop(element: Element, root: Element, _: Hand) -> None:
    parent = element.getparent()
    if element is not root and parent is not None:
        parent.remove(element)


def _move(element: Element, root: Element, hand: Hand) -> None:
    others = [each for each in root.iter() if isinstance(each.tag, str) and element not in {each, *each.iterancestors()}]
    if element is not root and others:
        place = hand.dice.choice(others)
        place.insert(hand.dice.randrange(len(place) + 1), element)


def _add(element: Element, _: Element, hand: Hand) -> None:
    inner = etree.SubElement(element, _name(hand))
    inner.text = _plain(hand.text())


def _nest(element: Element, _: Element, hand: Hand) -> None:
    name = _name(hand)
    for _level in range(hand.dice.choice((1, 3, 94, 101, 250))):
        element = etree.SubElement(element, name)


def _graft(element: Element, _: Element, hand: Hand) -> None:
    try:
        others = [each for each in etree.fromstring(hand.other(), PARSER).iter() if isinstance(each.tag, str)]
    except (etree.XMLSyntaxError, ValueError):
        return
    same = [each for each in others if each.tag == element.tag]
    element.append(copy.deepcopy(hand.dice.choice(same or others)))


def _comment(element: Element, _: Element, hand: Hand) -> None:
    said = _plain(hand.word()).replace("-", "~")
    element.insert(0, etree.Comment(said) if hand.happens(0.6) else etree.ProcessingInstruction("example", said.replace("?>", "")))


CHANGES: tuple[Callable[[Element, Element, Hand], None], ...] = (
    *(_text, _text, _text, _text, _tail, _attribute, _attribute, _rename, _rename),
    *(_double, _double, _drop, _drop, _move, _move, _add, _add, _nest, _graft, _graft, _comment),
)

DOCTYPES = (
    b'<!DOCTYPE report SYSTEM "report.dtd">',
    b'<!DOCTYPE report [<!ENTITY a "b">]>',
    b'<!DOCTYPE report [<!ENTITY a SYSTEM "file:///dev/null">]>',
    b'<!DOCTYPE report [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    b"<!DOCTYPE",
)
SPOTS = (
    b"&a;",
    b"&amp;",
    b"&#0;",
    b"&#x1F600;",
    b"&#xD800;",
    b"<![CDATA[ <report> ]]>",
    b"]]>",
    b"<!-- -- -->",
    b"<?xml version='1.0'?>",
    b"\x00",
    b"\xff",
)
ENCODINGS = ("utf-16", "latin-1", "ascii", "utf-32", "utf-8-sig", "cp1252", "utf-16-be")
DECLARED = (b"utf-16", b"latin-1", b"utf-7", b"x-user-defined", b"ISO-2022-JP", b"EBCDIC-CP-US", b"")


def _written(root: Element, hand: Hand) -> bytes:
    """Mostly plain; at times with a doctype, an entity or another encoding."""
    content = etree.tostring(root, xml_declaration=hand.happens(0.5), encoding="UTF-8")
    kind = hand.dice.randrange(20)
    if kind == 0:
        return hand.dice.choice((b"", b" ", b"<!-- a -->", b"<?a?>")) + hand.dice.choice(DOCTYPES) + etree.tostring(root)
    if kind == 1:
        return _at_a_spot(content, hand)
    if kind == 2:
        return etree.tostring(root, encoding="unicode").encode(hand.dice.choice(ENCODINGS), "xmlcharrefreplace")
    if kind == 3:
        return b'<?xml version="1.0" encoding="' + hand.dice.choice(DECLARED) + b'"?>' + etree.tostring(root)
    return hand.twist(content) if kind == 4 else content


def _at_a_spot(content: bytes, hand: Hand) -> bytes:
    spots = [found.start() + 1 for found in _SPOTS.finditer(content)] or [len(content)]
    spot = hand.dice.choice(spots)
    return content[:spot] + hand.dice.choice(SPOTS) + content[spot:]
