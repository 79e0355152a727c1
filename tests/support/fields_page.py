"""``docs/reference/fields.md``: which format carries which field, from the plug-ins themselves."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake import registry
from grace.sdk.fields import FIELDS
from tests.support.source import ROOT

PAGE = ROOT / "docs" / "reference" / "fields.md"

_HEAD = """# Fields and formats

Generated from the plug-ins' own `carries` (`make docs`). A format carries a field where its documents have a place for it. What a
document does not say in a field that its format cannot carry is *not stated*: it contradicts nothing, and takes nothing away that
another document said. Two documents of one report are compared in the fields that both their formats carry; there, the same report gives
byte-identical canonical facts from each.
"""
_FOOT = """
A person is known by the part and the place among those in that part, a file by its name (by a digest, where a format has no names), the use of
an address by its moment. What hangs on such a thing is compared where both documents speak of the thing. Silence contradicts nothing.
See also: [one truth from many documents](../explanation/one-truth.md), [formats](formats.md).
"""


def fields_page() -> str:
    """The table field by format."""
    return "\n".join([_HEAD, *_table()]) + "\n" + _FOOT


def _table() -> Iterator[str]:
    formats = registry.formats()
    yield f"| field | meaning | {' | '.join(f'`{each.name}`' for each in formats)} |"
    yield f"|---|---|{'---|' * len(formats)}"
    for field, meaning in FIELDS.items():
        marks = ("yes" if field in each.carries else "" for each in formats)
        yield f"| `{field}` | {meaning} | {' | '.join(marks)} |"
