"""Taking a list out while others write about it: whoever comes at the same moment cannot break it, and nothing of the list is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections

from grace.accounts.viewer import operator
from grace.matching import sql
from grace.matching.models import Due, Entry, HashList, Match, Served, Sweep
from grace.pipeline import list_entries, lists
from tests.support import ground, relisting
from tests.support.people import make_unit

MD5 = bytes(16)
_MATCH = "INSERT INTO matching_match (algorithm, value, entry_id, kind, distance, found_at) VALUES ('md5', %s, %s, 'exact', 0, now())"
_ENTRY = """
INSERT INTO matching_entry (hash_list_id, algorithm, value, category, source, note, added_at)
VALUES (%s, 'sha1', %s, 'A', 'hotline', '', now())
"""


class Beside(threading.Thread):
    """Something that is done at the same time; what it raised is told at the end."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._act = act
        self.fault: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self._act()
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test looks at it
            self.fault = fault
        finally:
            connections.close_all()

    def end(self) -> Exception | None:
        self.join(30)
        assert not self.is_alive()
        return self.fault


def wait_for_locks(number: int) -> None:
    """Until so many sessions of this database wait for a lock."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            if cursor.fetchone()[0] >= number:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_match_that_is_written_at_the_same_moment_goes_too(committed_db: None) -> None:
    listed = relisting.load([("md5", MD5)])
    entry = Entry.objects.get()
    name = connection.settings_dict["NAME"]
    with ground.connect_app(name) as other, ground.connect_app(name) as third:
        with other.transaction():
            other.execute("SELECT FROM matching_entry WHERE id = %s FOR KEY SHARE", [entry.id])
            other.execute(_MATCH, [MD5, entry.id])
            removing = Beside(lambda: lists.remove(operator(), listed))
            wait_for_locks(1)
            telling = Beside(lambda: third.execute("INSERT INTO matching_served (hash_list_id, item) VALUES (%s, 'x')", [listed]))
            wait_for_locks(2)
        assert removing.end() is None
        assert isinstance(telling.end(), psycopg.errors.ForeignKeyViolation), "whoever is too late is told so"
    assert not HashList.objects.exists()
    assert not Entry.objects.exists()
    assert not Match.objects.exists()
    assert not Served.objects.exists()
    assert [bytes(each.value) for each in Due.objects.filter(came=False)] == [MD5], "what rested on the match is asked again"


def test_a_load_at_the_same_moment_is_waited_for(committed_db: None) -> None:
    listed = relisting.load([("md5", MD5)])
    with ground.connect_app(connection.settings_dict["NAME"]) as other:
        with other.transaction():
            other.execute("SELECT FROM matching_hashlist WHERE id = %s FOR UPDATE", [listed])
            other.execute(_ENTRY, [listed, bytes(20)])
            removing = Beside(lambda: lists.remove(operator(), listed))
            wait_for_locks(1)
        assert removing.end() is None
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_nothing_that_hangs_on_a_list_is_left_and_only_its_unit_is_asked_again() -> None:
    unit = make_unit("Harbour Unit")
    listed = relisting.load([("md5", MD5), ("sha1", bytes(20))], unit=unit)
    Sweep.objects.all().delete()
    assert lists.remove(operator(), listed) == 2
    assert [each.unit_id for each in Sweep.objects.all()] == [unit.id], "the list was asked whom it served before it went"
    made = list_entries.make_own(operator(), "Ours", "us", "alert", unit.id, "A")
    assert lists.remove(operator(), made.id) == 0


def test_no_table_that_hangs_on_lists_is_forgotten() -> None:
    hanging = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is HashList and getattr(field, "db_constraint", False)
    }
    assert set(sql.HANGING_ON_LISTS) == hanging
