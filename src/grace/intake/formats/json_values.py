"""What a value states: missing, null, an empty list and the text ``N/A`` all mean "not stated"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grace.intake.formats.json_document import Number

_NOT_STATED = frozenset({"", "N/A", "n/a"})
_YES = frozenset({"true", "yes", "verified"})
_NO = frozenset({"false", "no", "unverified", "not verified"})
_SLUG = re.compile(r"[^a-z0-9]+")


def stated(value: object) -> str | None:
    """The value as written, or None where nothing is stated or no single value stands there."""
    if isinstance(value, str):
        return None if value in _NOT_STATED or value.strip() in _NOT_STATED else value if type(value) is str else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None


def truth(value: object) -> bool | None:
    """True, False or None (not stated): three states, also where they are written as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not isinstance(value, Number):
        word = value.strip().lower()
        return True if word in _YES else False if word in _NO else None
    return None


def members(value: object) -> dict[str, object]:
    """The object, or an empty one where something else stands there."""
    return value if isinstance(value, dict) else {}


def wrapped(holder: object, *names: str) -> Iterator[tuple[str, object]]:
    """The items of a list that sits in wrapper objects, each with its path below ``holder``.

    ``wrapped(person, "emails", "emails")`` gives ``(".emails.emails[0]", item)``. A single object or text in place of
    the list is one item; whatever else stands there is none.
    """
    value, path = holder, ""
    for name in names:
        if not isinstance(value, dict):
            return
        value = value.get(name)
        path = f"{path}.{name}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield f"{path}[{index}]", item
    elif value is not None:
        yield path, value


def notes(holder: object, name: str = "additionalInformations") -> Iterator[tuple[str, str]]:
    """The free texts of ``[{value}]`` with their paths; a plain text in place of ``{value}`` counts as one."""
    for path, item in wrapped(holder, name):
        text = stated(item.get("value") if isinstance(item, dict) else item)
        if text is not None:
            yield (f"{path}.value" if isinstance(item, dict) else path), text


def slug(name: str) -> str:
    """A sender's own label as a key: ``Upload Date and Time`` becomes ``upload_date_and_time``."""
    return _SLUG.sub("_", name[:64].lower()).strip("_") or "unnamed"


def put(fields: dict[str, str], key: str, value: str) -> None:
    """Set a field without losing an earlier one of the same name: the next is ``key_2``, ``key_3`` …."""
    name, count = key, 1
    while name in fields:
        count += 1
        name = f"{key}_{count}"
    fields[name] = value
