"""Rows of the NSRL, whatever they stand in: which columns there are, and what a row says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from grace.matching.digests import EXACT_BYTES, read_hex
from grace.matching.formats.item import Fact, Fault, Gone, Item

TABLES = ("file", "metadata")
"""Where version 3 keeps files: a table or a view of one of these names."""
CATEGORY = "known file"


def package_key(written: str) -> str:
    """The key of a row: the package that the file belongs to. One file of two packages stays known until both are gone."""
    return f"package:{written}" if written.isascii() and written.isalnum() and len(written) <= 40 else ""


def size_fact(written: str) -> dict[str, Fact]:
    """The size in bytes, if it is one."""
    return {"size": int(written)} if written.isascii() and written.isdecimal() and len(written) <= 15 else {}


def digests_of(row: Mapping[str, Any]) -> tuple[tuple[str, bytes], ...] | None:
    """The hashes of a row, in hexadecimal or raw; None where there is none, or one that is not of its kind."""
    found = []
    for name, length in EXACT_BYTES.items():
        written = row.get(name)
        if written is None or written in ("", b""):
            continue
        value = read_hex(name, written.strip()) if isinstance(written, str) else written
        if not isinstance(value, bytes) or len(value) != length:
            return None
        found.append((name, value))
    return tuple(found) or None


def item_of(number: int, row: Mapping[str, Any]) -> Item | Fault:
    """A row that is there."""
    digests = digests_of(row)
    if digests is None:
        return Fault(number, _("no hash, or one that is not of its kind"))
    return Item(number, digests, key=package_key(str(row.get("package_id") or "")), facts=size_fact(str(row.get("file_size") or "")))


def gone_of(number: int, row: Mapping[str, Any]) -> Gone | Fault:
    """A row that a delta deletes: these hashes of this package, or of all where it names none."""
    digests = digests_of(row)
    if digests is None:
        return Fault(number, _("it deletes rows by something else than their hash, which is not followed"))
    return Gone(number, package_key(str(row.get("package_id") or "")), digests)
