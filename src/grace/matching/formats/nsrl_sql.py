"""A delta of the NSRL, version 3: SQL that adds, changes and deletes rows of the table of files. It is read and never run.

Followed are ``INSERT … VALUES``, ``UPDATE … SET … WHERE`` and ``DELETE FROM … WHERE`` with equalities of literals; statements
on other tables and those that only frame a transaction are read past; any other is a fault, and a trigger ends the reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.digests import EXACT_BYTES
from grace.matching.formats.item import Fault, Tellings, Told
from grace.matching.formats.json_stream import Bytes
from grace.matching.formats.nsrl_rows import TABLES, digests_of, gone_of, item_of
from grace.matching.formats.sql_tokens import Sort, Token, tokens

_COLUMNS = ("sha256", "sha1", "md5", "crc32", "file_name", "file_size", "package_id")
_WITHOUT_CRC = tuple(name for name in _COLUMNS if name != "crc32")
_FRAMES = frozenset({"BEGIN", "COMMIT", "END", "PRAGMA", "ANALYZE", "VACUUM", "SAVEPOINT", "RELEASE", "REINDEX"})
_MARKS = frozenset({*EXACT_BYTES, "package_id"})
_MOST_COLUMNS = 100
_OPAQUE = object()


def knows(head: bytes) -> bool:
    """Whether a file that begins so is SQL that writes rows."""
    text = head.decode("utf-8-sig", errors="replace").upper()
    starts = ("BEGIN", "INSERT", "UPDATE", "DELETE", "PRAGMA", "CREATE TABLE", "--", "/*")
    return text.lstrip().startswith(starts) and any(f"{word} " in text for word in ("INSERT INTO", "UPDATE", "DELETE FROM"))


def read(stream: Bytes) -> Tellings:
    """What every statement on the table of files says. Raises :class:`Invalid` for what is no SQL, or holds a trigger."""
    return _Reader(stream).read()


class _Wrong(Exception):
    """A statement that is not followed."""


class _Reader:
    """Walks through the tokens, one ahead."""

    def __init__(self, stream: Bytes) -> None:
        self._tokens = tokens(stream)
        self._ahead: Token | None = next(self._tokens, None)
        self._number = 0
        self._is_open = False
        self._order: dict[str, tuple[str, ...]] = {}

    def read(self) -> Tellings:
        while self._ahead is not None:
            if self._is_sign(";"):
                self._next()
                continue
            word = self._next()
            try:
                yield from self._statement(word)
            except _Wrong as fault:
                self._number += 1
                yield Fault(self._number, str(fault))
                self._to_end()
        if self._is_open:
            raise _breaks_off()

    def _statement(self, word: Token) -> Iterator[Told]:
        match word.said if word.sort is Sort.WORD else "":
            case "INSERT" | "REPLACE":
                yield from self._insert()
            case "UPDATE":
                yield from self._update()
            case "DELETE":
                yield from self._delete()
            case "CREATE":
                self._create()
            case frame if frame in _FRAMES:
                self._is_open = frame == "BEGIN" or (self._is_open and frame not in {"COMMIT", "END"})
                self._to_end()
            case other:
                raise _Wrong(_("a statement that is not followed: %(word)s") % {"word": other[:20]})

    def _insert(self) -> Iterator[Told]:
        if self._took("OR"):
            self._next()
        self._take("INTO")
        table = self._name()
        if table not in TABLES:
            self._to_end()
            return
        columns = self._columns() if self._is_sign("(") else self._order.get(table)
        self._take("VALUES")
        while True:
            values = self._row()
            self._number += 1
            yield self._inserted(columns or _usual(len(values)), values)
            if not self._is_sign(","):
                break
            self._next()
        self._end()

    def _inserted(self, columns: tuple[str, ...], values: list[Any]) -> Told:
        if len(columns) != len(values):
            return Fault(self._number, _("%(found)d columns instead of %(wanted)d") % {"found": len(values), "wanted": len(columns)})
        return item_of(self._number, _said(dict(zip(columns, values, strict=True))))

    def _update(self) -> Iterator[Told]:
        if self._took("OR"):
            self._next()
        table = self._name()
        if table not in TABLES:
            self._to_end()
            return
        self._take("SET")
        new = self._equalities(",")
        self._take("WHERE")
        old = self._equalities("AND")
        is_marked = bool(_MARKS & new.keys())
        if is_marked and digests_of(_said(old)) is None:
            raise _Wrong(_("it changes rows by something else than their hash, which is not followed"))
        self._end()
        if not is_marked:
            return  # another name or size: the hash stays as known as it was
        self._number += 1
        yield gone_of(self._number, _said(old))
        yield item_of(self._number, _said(old | new))

    def _delete(self) -> Iterator[Told]:
        self._take("FROM")
        if self._name() not in TABLES:
            self._to_end()
            return
        self._take("WHERE")
        old = self._equalities("AND")
        self._end()
        self._number += 1
        yield gone_of(self._number, _said(old))

    def _create(self) -> None:
        kind = self._next()
        if kind.said in {"TEMP", "TEMPORARY"}:
            kind = self._next()
        if kind.said == "TRIGGER":
            raise Invalid(_("The SQL makes a trigger, which a delta does not."), remedy=_("Nothing was loaded."))
        if kind.said == "TABLE":
            if self._took("IF"):
                self._take("NOT")
                self._take("EXISTS")
            name = self._name()
            if self._is_sign("("):
                self._order[name] = tuple(self._declared())
        self._to_end()

    def _declared(self) -> Iterator[str]:
        """The names of the columns of a CREATE TABLE: the first word of each part."""
        self._next()
        depth, is_start = 1, True
        while depth:
            token = self._next()
            if is_start and token.sort is Sort.WORD and token.said not in {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"}:
                yield token.said.lower()
            depth += (token.said == "(") - (token.said == ")") if token.sort is Sort.SIGN else 0
            is_start = depth == 1 and token.sort is Sort.SIGN and token.said == ","

    def _columns(self) -> tuple[str, ...]:
        self._next()
        names = [self._name()]
        while self._is_sign(",") and len(names) < _MOST_COLUMNS:
            self._next()
            names.append(self._name())
        self._sign(")")
        return tuple(names)

    def _row(self) -> list[Any]:
        self._sign("(")
        values = [self._value()]
        while self._is_sign(",") and len(values) < _MOST_COLUMNS:
            self._next()
            values.append(self._value())
        self._sign(")")
        return values

    def _equalities(self, between: str) -> dict[str, Any]:
        """``name = literal``, with commas or AND between; a name twice, or anything else, is not followed."""
        found: dict[str, Any] = {}
        while True:
            name = self._name()
            if not (self._is_sign("=") or self._is_sign("==")) or name in found or len(found) >= _MOST_COLUMNS:
                raise _Wrong(_("a condition that is not followed"))
            self._next()
            found[name] = self._value()
            if found[name] is _OPAQUE and between == "AND":
                raise _Wrong(_("a condition that is not followed"))
            if not (self._is_sign(",") if between == "," else self._is_word(between)):
                return found
            self._next()

    def _value(self) -> Any:
        """A literal; whatever is computed is something that no hash can be."""
        parts: list[Token] = []
        depth = 0
        while self._ahead is not None:
            if depth == 0 and (
                self._is_sign(",") or self._is_sign(")") or self._is_sign(";") or self._is_word("WHERE") or self._is_word("AND")
            ):
                break
            token = self._next()
            depth += (token.said == "(") - (token.said == ")") if token.sort is Sort.SIGN else 0
            parts = [*parts[-1:], token]
        return _literal(parts)

    def _name(self) -> str:
        token = self._next()
        while self._is_sign("."):
            self._next()
            token = self._next()
        if token.sort is not Sort.WORD:
            raise _Wrong(_("a name was expected"))
        return token.said.lower()

    def _next(self) -> Token:
        token = self._ahead
        if token is None:
            raise _breaks_off()
        self._ahead = next(self._tokens, None)
        return token

    def _peek(self) -> None:
        """Raise :class:`Invalid` where nothing follows: what was expected may have been cut off."""
        if self._ahead is None:
            raise _breaks_off()

    def _is_sign(self, said: str) -> bool:
        return self._ahead is not None and self._ahead.sort is Sort.SIGN and self._ahead.said == said

    def _is_word(self, said: str) -> bool:
        return self._ahead is not None and self._ahead.sort is Sort.WORD and self._ahead.said == said

    def _took(self, word: str) -> bool:
        if not self._is_word(word):
            return False
        self._next()
        return True

    def _take(self, word: str) -> None:
        if not self._took(word):
            self._peek()
            raise _Wrong(_("%(word)s was expected") % {"word": word})

    def _sign(self, said: str) -> None:
        if not self._is_sign(said):
            self._peek()
            raise _Wrong(_("%(word)s was expected") % {"word": said})
        self._next()

    def _end(self) -> None:
        """The statement must end here; ``ON CONFLICT`` or the like behind it changes nothing of what was said."""
        if self._is_word("ON") or self._is_word("RETURNING"):
            self._to_end()
        elif self._ahead is not None:
            self._sign(";")

    def _to_end(self) -> None:
        while self._ahead is not None and not self._is_sign(";"):
            self._next()


def _breaks_off() -> Invalid:
    return Invalid(_("The SQL breaks off inside a statement or a transaction."), remedy=_("Nothing was loaded. Fetch the file again."))


def _literal(parts: list[Token]) -> Any:
    if len(parts) != 1:
        return _OPAQUE
    token = parts[0]
    match token.sort:
        case Sort.TEXT | Sort.NUMBER:
            return token.said
        case Sort.BLOB:
            return bytes.fromhex(token.said) if len(token.said) % 2 == 0 else _OPAQUE
    return None if token.said == "NULL" else _OPAQUE


def _usual(count: int) -> tuple[str, ...]:
    return _COLUMNS if count == len(_COLUMNS) else _WITHOUT_CRC


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """A row whose computed values are something that no hash or package can be."""
    return {name: "?" if value is _OPAQUE else value for name, value in row.items()}
