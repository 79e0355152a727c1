"""The schema that this installation publishes, written from the model: an XML Schema of our own, under our own name."""

from __future__ import annotations

from functools import cache

from lxml import etree

from grace.intake.formats.cybertipline.schema import ROOTS, Shape

_XS = "http://www.w3.org/2001/XMLSchema"
_WORDS = (
    "Schema of the reports that {name} takes, written by GRACE from its own model of a report. It follows the order and the names of the "
    "public CyberTipline reporting schema, so that software made for that one can report here; it is not that schema, and {name} is not "
    "the service that publishes it. Elements that stand neither here nor there are kept and passed on."
)
_DONE = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="reportResponse"><xs:complexType><xs:sequence>
    <xs:element name="responseCode" type="xs:int"/>
    <xs:element name="responseDescription" type="xs:string"/>
    <xs:element name="reportId" type="xs:long" minOccurs="0"/>
    <xs:element name="fileId" type="xs:string" minOccurs="0"/>
    <xs:element name="hash" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="reportDoneResponse"><xs:complexType><xs:sequence>
    <xs:element name="responseCode" type="xs:int"/>
    <xs:element name="reportId" type="xs:long"/>
    <xs:element name="files" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="fileId" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="responseDescription" type="xs:string" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""
"""What is answered."""


@cache
def schema_of(name: str) -> bytes:
    """The schema as the installation of this name serves it."""
    root = etree.Element(f"{{{_XS}}}schema", nsmap={"xs": _XS})
    etree.SubElement(_under(root, "annotation"), f"{{{_XS}}}documentation").text = _WORDS.format(name=name)
    for element, shape in ROOTS.items():
        _declare(root, element, shape)
    for answer in list(etree.fromstring(_DONE)):
        root.append(answer)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _under(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_XS}}}{tag}", attributes)


def _declare(parent: etree._Element, name: str, shape: Shape, **occurs: str) -> None:
    """One element with its type inside it."""
    attributes = {each: value for each, value in shape.attributes.items() if ":" not in each}
    if shape.type == "flag":
        _under(parent, "element", name=name, type="xs:boolean", fixed="true", **occurs)
    elif shape.children:
        inside = _under(_under(parent, "element", name=name, **occurs), "complexType")
        _group(inside, shape)
        _attributes(inside, attributes)
    elif attributes:
        content = _under(_under(_under(parent, "element", name=name, **occurs), "complexType"), "simpleContent")
        _attributes(_under(content, "extension", base=f"xs:{shape.type}"), attributes)
    elif _is_plain(shape):
        _under(parent, "element", name=name, type=f"xs:{shape.type}", **occurs)
    else:
        _restrict(_under(parent, "element", name=name, **occurs), shape)


def _group(parent: etree._Element, shape: Shape) -> None:
    """The children: in their order, one of them, or any."""
    group = _under(parent, "choice" if shape.choice else "sequence" if shape.ordered else "all")
    for name, child in shape.children.items():
        occurs = {} if shape.choice or name in shape.needed else {"minOccurs": "0"}
        if name in shape.many:
            occurs["maxOccurs"] = "unbounded"
        _declare(group, name, child, **occurs)


def _attributes(parent: etree._Element, attributes: dict[str, Shape]) -> None:
    for name, shape in attributes.items():
        if _is_plain(shape):
            _under(parent, "attribute", name=name, type=f"xs:{shape.type}")
        else:
            _restrict(_under(parent, "attribute", name=name), shape)


def _is_plain(shape: Shape) -> bool:
    return not (shape.values or shape.longest or shape.pattern)


def _restrict(parent: etree._Element, shape: Shape) -> None:
    """A type of listed values, of a length or of a pattern."""
    limits = _under(_under(parent, "simpleType"), "restriction", base=f"xs:{shape.type}")
    for value in sorted(shape.values):
        _under(limits, "enumeration", value=value)
    if shape.longest:
        _under(limits, "maxLength", value=str(shape.longest))
    if shape.pattern:
        _under(limits, "pattern", value=shape.pattern)
