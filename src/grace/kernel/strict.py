"""Signed JSON from outside, read strictly: one spelling, no key twice, no key too many, every value within its limits."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from uuid import UUID

from grace.kernel.errors import Invalid

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


_LONGEST_NAME, _LONGEST_PLACE = 60, 200
"""Characters of a member's name, and of its place, in an error."""


class Malformed(Invalid):
    """The text is not what its format says; the message names the place, never the value."""


def spelled(value: object) -> bytes:
    """The one spelling of a JSON value: keys sorted, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(raw: bytes, most: int) -> Entries:
    """One JSON object of at most ``most`` bytes, of values that :func:`spelled` can spell. Raises :class:`Malformed`."""
    if len(raw) > most:
        raise Malformed(f"The text is longer than {most} bytes.")
    return Entries(tree_of(raw))


def tree_of(raw: bytes) -> object:
    """The JSON value. Raises :class:`Malformed` for one that has no spelling (half of a character, a number without end), or a key twice."""
    try:
        tree = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_refuse)
        spelled(tree)
    except (ValueError, RecursionError) as fault:
        raise Malformed("The text is no JSON object in UTF-8, or names a key twice.") from fault
    return tree


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(word: str) -> object:
    raise ValueError(word)


class Entries:
    """The members of an object, taken out one by one; :meth:`end` refuses what nobody asked for."""

    def __init__(self, tree: object, place: str = "$") -> None:
        if not isinstance(tree, Mapping):
            raise Malformed(f"{place} is not an object.")
        self._left = dict(tree)
        self._place = place

    def take(self, key: str) -> object:
        """Any value."""
        if key not in self._left:
            raise Malformed(f"{self._inside(key)} is missing.")
        return self._left.pop(key)

    def text(self, key: str, most: int, *, empty: bool = False) -> str:
        """A text of printable characters and line ends, 1 to ``most`` of them."""
        value = self.take(key)
        if not isinstance(value, str) or len(value) > most or not (value or empty):
            raise self._wrong(key, f"a text of at most {most} characters")
        if any(not (sign.isprintable() or sign in "\n\t") for sign in value):
            raise self._wrong(key, "printable")
        return value

    def choice(self, key: str, among: Collection[str]) -> str:
        """One of a few words."""
        value = self.take(key)
        if not isinstance(value, str) or value not in among:
            raise self._wrong(key, "a word that this version knows")
        return value

    def version(self, format_name: str, version: int) -> None:
        """Check ``format`` and ``version``."""
        if self.take("format") != format_name:
            raise self._wrong("format", format_name)
        if self.take("version") != version:
            raise Malformed(f"This is not version {version} of {format_name}.", remedy="Update the older of the two installations.")

    def uuid(self, key: str) -> UUID:
        """A UUID in its usual spelling."""
        value = self.take(key)
        try:
            found = UUID(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or str(found) != value:
            raise self._wrong(key, "a UUID")
        return found

    def uuid_or_none(self, key: str) -> UUID | None:
        """The same, or null."""
        if self._left.get(key, "") is None:
            del self._left[key]
            return None
        return self.uuid(key)

    def number(self, key: str, most: int) -> int:
        """A whole number, 0 to ``most``."""
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self._wrong(key, f"a whole number, 0 to {most}")
        return value

    def digest(self, key: str) -> bytes:
        """A SHA-256 in hexadecimal."""
        value = self.take(key)
        if not isinstance(value, str) or not _DIGEST.fullmatch(value):
            raise self._wrong(key, "a SHA-256 in hexadecimal")
        return bytes.fromhex(value)

    def moment(self, key: str) -> datetime:
        """A moment as :func:`moment` spells it."""
        value = self.take(key)
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None:
            raise self._wrong(key, "a moment such as 2026-11-26T08:00:00Z")
        return found

    def texts(self, key: str, among: Collection[str]) -> tuple[str, ...]:
        """A list of words, each at most once."""
        value = self.take(key)
        if (
            not isinstance(value, list)
            or not all(isinstance(each, str) and each in among for each in value)
            or len(set(value)) < len(value)
        ):
            raise self._wrong(key, "a list of words that this version knows")
        return tuple(value)

    def object(self, key: str) -> Entries:
        """An object inside."""
        return Entries(self.take(key), self._inside(key))

    def keys(self, most: int) -> tuple[str, ...]:
        """The names that are left, at most so many."""
        if len(self._left) > most:
            raise Malformed(f"{self._place} has more than {most} members.")
        return tuple(self._left)

    def end(self) -> None:
        """Refuse what is left."""
        if self._left:
            raise Malformed(f"{self._place} holds {len(self._left)} members that this version does not know.")

    def _wrong(self, key: str, wanted: str) -> Malformed:
        return Malformed(f"{self._inside(key)} is not {wanted}.")

    def _inside(self, key: str) -> str:
        """The place of a member, short enough to be shown: names may come from the document."""
        name = key if key.isprintable() else "?"
        place = f"{self._place}.{name if len(name) <= _LONGEST_NAME else f'{name[:_LONGEST_NAME]}…'}"
        return place if len(place) <= _LONGEST_PLACE else f"…{place[-_LONGEST_PLACE:]}"
