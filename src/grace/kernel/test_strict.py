from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from grace.kernel.strict import Entries, Malformed, moment, parse, spelled


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"[]", b"1", b'{"a":1,"a":2}', b"{", b'{"a":NaN}', b"\xff{}", b"[" * 100_000, b'{"a":"' + b"x" * 100 + b'"}'),
        *(b'{"a":"\\ud800"}', b'{"\\udfff":1}', b'{"a":1e400}', b'{"a":' + b"9" * 5_000 + b"}"),
    ],
)
def test_what_is_no_object_or_says_a_thing_twice_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw, 50 if raw.startswith(b'{"a":"') else 1 << 20)


def test_a_spelling_is_one() -> None:
    assert spelled({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert moment(datetime(2026, 11, 26, 8, 0, 0, 999, UTC)) == "2026-11-26T08:00:00Z"


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        ("uuid", "0" * 32),
        ("uuid", "6F9619FF-8B86-D011-B42D-00CF4FC964FF"),
        ("uuid", 7),
        ("digest", "AB" * 32),
        ("moment", "2026-11-26T08:00:00+01:00"),
        ("moment", "2026-13-26T08:00:00Z"),
        ("object", []),
    ],
)
def test_a_value_of_another_spelling_is_refused(verb: str, value: object) -> None:
    with pytest.raises(Malformed):
        getattr(Entries({"it": value}), verb)("it")


def test_limits_hold() -> None:
    entries = Entries({"n": True, "t": "a\0b", "l": ["x", "x"], "more": 1})
    refusals: list[Callable[[], object]] = [
        lambda: entries.number("n", 5),
        lambda: entries.text("t", 9),
        lambda: entries.texts("l", {"x"}),
        lambda: entries.take("nothing"),
        entries.end,
    ]
    for refused in refusals:
        with pytest.raises(Malformed):
            refused()


def test_what_was_written_is_read() -> None:
    key = UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
    entries = parse(spelled({"u": str(key), "n": 3, "d": "ab" * 32, "none": None, "o": {"k": "v"}, "w": ["a"]}), 1_000)
    assert (entries.uuid("u"), entries.number("n", 3), entries.digest("d")) == (key, 3, b"\xab" * 32)
    assert entries.uuid_or_none("none") is None
    assert entries.object("o").choice("k", {"v"}) == "v"
    assert entries.texts("w", {"a", "b"}) == ("a",)
    entries.end()
    assert json.loads(spelled({})) == {}


@pytest.mark.parametrize("name", ["n" * 5_000, "line\nbreak", "\ud800"])
def test_an_error_names_its_place_in_few_printable_words(name: str) -> None:
    entries = parse(b"{}", 100)
    entries._left = {name: {name: {name: {name: {}}}}}
    inside = entries.object(name).object(name).object(name).object(name)
    with pytest.raises(Malformed) as refused:
        inside.number(name, 1)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300
