"""The entries of a list, and what is thought and done about them, are found newest first, page by page, however many there are."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from grace.kernel.sql import fill

# The list of each entry, written beside what hangs on it. Nobody is told that it changed: it did not.
_OF_LIST = """
ALTER TABLE {table} ADD COLUMN hash_list_id uuid;
ALTER TABLE {table} DISABLE TRIGGER USER;
UPDATE {table} hanging SET hash_list_id = e.hash_list_id FROM matching_entry e WHERE e.id = hanging.entry_id;
ALTER TABLE {table} ENABLE TRIGGER USER;
ALTER TABLE {table} ALTER COLUMN hash_list_id SET NOT NULL;
"""
_NO_LIST = "ALTER TABLE {table} DROP COLUMN hash_list_id"

# Not as Django would do it: that makes the foreign key anew, without the cascade that it was given in the database.
_DROP = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT i.indexrelid::regclass AS name FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND i.indnkeyatts = 1 AND a.attnum = i.indkey[0] AND NOT i.indisunique
    WHERE i.indrelid = '{table}'::regclass AND a.attname = '{column}' AND i.indpred IS NULL
  LOOP
    EXECUTE format('DROP INDEX %s', found.name);
  END LOOP;
END $$
"""
_MAKE = "CREATE INDEX {table}_{column} ON {table} ({column})"


def _of_list(model: str) -> migrations.RunSQL:
    table = f"matching_{model}"
    field = models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="matching.hashlist"
    )
    added = migrations.AddField(model_name=model, name="hash_list", field=field)
    return migrations.RunSQL(fill(_OF_LIST, table=table), fill(_NO_LIST, table=table), state_operations=[added])


def _no_index_of_its_own(model: str, column: str, related: str, to: str) -> migrations.RunSQL:
    cascade = django.db.models.deletion.CASCADE
    field = models.ForeignKey(db_index=False, on_delete=cascade, related_name=related, to=f"matching.{to}")
    parts = {"table": f"matching_{model}", "column": f"{column}_id"}
    altered = migrations.AlterField(model_name=model, name=column, field=field)
    return migrations.RunSQL(fill(_DROP, **parts), fill(_MAKE, **parts), state_operations=[altered])


class Migration(migrations.Migration):
    """New indexes take the place of those that Django makes of every foreign key, where they begin with it."""

    dependencies = [("matching", "0007_listed_videos")]

    operations = [
        _of_list("opinion"),
        _of_list("setaside"),
        migrations.AddIndex("entry", models.Index(fields=["hash_list", "algorithm", "id"], name="matching_entry_newest")),
        _no_index_of_its_own("entry", "hash_list", "entries", "hashlist"),
        migrations.AddIndex("match", models.Index(fields=["entry", "id"], name="matching_match_newest")),
        _no_index_of_its_own("match", "entry", "matches", "entry"),
        migrations.AddIndex("opinion", models.Index(fields=["hash_list", "stance", "entry"], name="matching_opinion_newest")),
        migrations.AddIndex(
            "setaside",
            models.Index(condition=models.Q(("restored_at", None)), fields=["hash_list", "why", "entry"], name="matching_setaside_newest"),
        ),
        migrations.AddIndex(
            "setaside", models.Index(condition=models.Q(("restored_at", None)), fields=["-set_at"], name="matching_setaside_latest")
        ),
        migrations.RemoveIndex("removed", "matching_removed_newest"),
        migrations.AddIndex("removed", models.Index(fields=["hash_list", "id"], name="matching_removed_newest")),
        migrations.RemoveIndex("proposal", "matching_proposal_waiting"),
        migrations.AddIndex(
            "proposal",
            models.Index(condition=models.Q(("state", "waiting")), fields=["hash_list", "id"], name="matching_proposal_waiting"),
        ),
    ]
