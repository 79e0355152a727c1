"""The role that runs may add to the ledger and read it; the database refuses it everything else."""

import pytest
from django.db import ProgrammingError, connection, transaction

from grace.custody import ledger
from tests.support.ledgers import received, write

pytestmark = pytest.mark.usefixtures("committed_db")

GUARDED = ["custody_entry", "custody_subject", "custody_leaf", "custody_node", "custody_checkpoint"]
FIRST_COLUMN = {
    "custody_entry": "actor",
    "custody_subject": "subject",
    "custody_leaf": "seq",
    "custody_node": "level",
    "custody_checkpoint": "size",
    "custody_pending": "entry_id",
}


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_tests_run_as_the_role_that_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
        assert cursor.fetchone() == ("grace_app", False)


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize(
    "verb", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}", "DROP TABLE {table}"]
)
def test_nothing_is_changed_or_removed(table: str, verb: str) -> None:
    write(received(1))
    ledger.sequence()
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        execute(verb.format(table=table, column=FIRST_COLUMN[table]))


@pytest.mark.parametrize("verb", ["UPDATE custody_pending SET since = since", "TRUNCATE custody_pending"])
def test_what_waits_can_be_taken_but_not_changed(verb: str) -> None:
    write(received(1))
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(verb)
    assert ledger.sequence() == 1


def test_no_rule_trigger_or_grant_can_be_slipped_in() -> None:
    for statement in (
        "CREATE RULE quiet AS ON INSERT TO custody_entry DO INSTEAD NOTHING",
        "ALTER TABLE custody_entry DISABLE TRIGGER ALL",
        "ALTER TABLE custody_entry ADD COLUMN note text",
        "CREATE TABLE custody_shadow (id int)",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            execute(statement)
