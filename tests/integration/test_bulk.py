"""What is written in bulk comes back as it was, whatever the text holds."""

from __future__ import annotations

from contextlib import closing

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.kernel.sql import array

pytestmark = pytest.mark.django_db

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.none() | texts, max_size=6), st.lists(st.binary(max_size=9), max_size=6))
def test_arrays_survive_the_way_to_the_database_and_back(said: list[str | None], raw: list[bytes]) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT %s::text[], %s::bytea[]", [array(said), array(raw)])
        first, second = cursor.fetchone()
    assert (first, [bytes(each) for each in second]) == (said, raw)
