from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest

from grace.kernel.sql import array, by_column, insert_many


class Word(StrEnum):
    ONE = "one"


def test_a_statement_names_table_columns_and_types() -> None:
    told = insert_many("room_thing", {"id": "uuid", "name": "text"}, "ON CONFLICT DO NOTHING")
    assert told == "INSERT INTO room_thing (id, name) SELECT * FROM UNNEST(%s::uuid[], %s::text[]) ON CONFLICT DO NOTHING"


@pytest.mark.parametrize("name", ["a b", "a;drop", '"a"', "", "A"])
def test_only_plain_names_reach_the_statement(name: str) -> None:
    with pytest.raises(ValueError, match="plain SQL name"):
        insert_many(name, {"id": "uuid"})


def test_each_column_becomes_one_array() -> None:
    assert by_column([(1, "a"), (2, None)], 2) == ["{1,2}", '{"a",NULL}']
    assert by_column([], 2) == ["{}", "{}"]


def test_every_type_has_its_spelling() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    values = [None, True, 7, 1.5, UUID(int=1), b"\x00\xff", moment, date(2026, 1, 2), Word.ONE, 'say "\\" twice, {once}']
    assert array(values) == (
        '{NULL,t,7,1.5,00000000-0000-0000-0000-000000000001,"\\\\x00ff","2026-01-02T03:04:05.000006+00:00",2026-01-02,"one",'
        '"say \\"\\\\\\" twice, {once}"}'
    )


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        array([object()])
