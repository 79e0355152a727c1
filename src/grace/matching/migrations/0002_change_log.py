"""What entries came and went since the index was last brought up to date, written by the database itself in the same transaction."""

from __future__ import annotations

from django.db import migrations, models

import grace.kernel.ids

_TRIGGERS = """
CREATE FUNCTION matching_entries_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM new_rows ORDER BY id;
    RETURN NULL;
END $$;
CREATE FUNCTION matching_entries_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM old_rows ORDER BY id;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_entries_came AFTER INSERT ON matching_entry
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_entries_came();
CREATE TRIGGER matching_entries_went AFTER DELETE ON matching_entry
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_entries_went();
INSERT INTO matching_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM matching_entry ORDER BY id;
"""
_UNDO = """
DROP TRIGGER matching_entries_came ON matching_entry;
DROP TRIGGER matching_entries_went ON matching_entry;
DROP FUNCTION matching_entries_came();
DROP FUNCTION matching_entries_went();
"""


class Migration(migrations.Migration):
    """The log, the name of the index that it leads to, and the end of the token that stood for both."""

    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("algorithm", models.TextField()),
                ("value", models.BinaryField()),
                ("came", models.BooleanField()),
            ],
            options={"db_table": "matching_change"},
        ),
        migrations.CreateModel(
            name="Indexed",
            fields=[
                ("one", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("origin", models.UUIDField(default=grace.kernel.ids.new_id)),
            ],
            options={
                "db_table": "matching_indexed",
                "constraints": [models.CheckConstraint(condition=models.Q(("one", True)), name="matching_indexed_is_one_row")],
            },
        ),
        migrations.DeleteModel(name="Revision"),
        migrations.RemoveIndex(model_name="entry", name="matching_entry_pdq"),
        migrations.RunSQL(_TRIGGERS, _UNDO),
    ]
