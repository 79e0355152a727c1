"""Whatever hangs on a referral is found by the referral, so that erasing one reads no table from end to end."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from grace.kernel.ids import new_id
from grace.referrals.models import Referral

pytestmark = pytest.mark.django_db

_LEADING = """
SELECT a.attname FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = %s::regclass AND i.indisvalid AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) = %s)
"""


BY_VERSION = {"referrals_sighting"}
"""Of these there are a dozen a referral: they are found by its versions, so that what is taken in pays for no index more."""


def hanging() -> list[tuple[type[Model], str]]:
    """The tables with a column that names a referral, and each such column."""
    return [
        (model, str(field.column))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Referral
    ]


def test_there_are_such_tables_in_several_rooms() -> None:
    assert {model._meta.app_label for model, _column in hanging()} >= {"links", "casework", "referrals"}


@pytest.mark.parametrize(("model", "column"), [pytest.param(*each, id=f"{each[0]._meta.db_table}.{each[1]}") for each in hanging()])
def test_an_index_leads_with_the_referral(model: type[Model], column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LEADING, [model._meta.db_table, f"({column} IS NOT NULL)"])
        assert ("version_id" if model._meta.db_table in BY_VERSION else column) in {row[0] for row in cursor}


@pytest.mark.parametrize("table", ["links_occurrence", "links_print", "links_earlier", "links_member"])
def test_the_planner_takes_it(table: str) -> None:
    """With tables of any size; these are empty, so the scan of the whole is forbidden to it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) DELETE FROM {table} WHERE referral_id = %s", [new_id()])  # noqa: S608 - a name of ours
        told = cursor.fetchone()[0]
    assert "(referral_id = " in json.dumps(told if isinstance(told, list) else json.loads(told))
