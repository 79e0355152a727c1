"""What a match was found with; what is to be asked again because a list changed; the fingerprints that are held, and their log."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import grace.kernel.ids

_BY_NAME = """
ALTER TABLE matching_indexed ADD COLUMN name text NOT NULL DEFAULT 'lists';
ALTER TABLE matching_indexed DROP COLUMN one;
ALTER TABLE matching_indexed ALTER COLUMN name DROP DEFAULT;
ALTER TABLE matching_indexed ADD PRIMARY KEY (name);
"""
_ONE_AGAIN = """
DELETE FROM matching_indexed WHERE name <> 'lists';
ALTER TABLE matching_indexed ADD COLUMN one boolean NOT NULL DEFAULT true;
ALTER TABLE matching_indexed DROP COLUMN name;
ALTER TABLE matching_indexed ALTER COLUMN one DROP DEFAULT;
ALTER TABLE matching_indexed ADD PRIMARY KEY (one), ADD CONSTRAINT matching_indexed_is_one_row CHECK (one);
"""

_TRIGGERS = """
CREATE FUNCTION matching_list_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER matching_list_changed BEFORE UPDATE ON matching_hashlist FOR EACH ROW
    WHEN (OLD.changed_at IS DISTINCT FROM NEW.changed_at) EXECUTE FUNCTION matching_list_changed();

CREATE FUNCTION matching_matches_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_due (came, algorithm, value) SELECT DISTINCT false, algorithm, value FROM old_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_matches_went AFTER DELETE ON matching_match
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_matches_went();

CREATE FUNCTION matching_coverage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was boolean := TG_OP <> 'INSERT' AND OLD.entries > 0;
    is_now boolean := TG_OP <> 'DELETE' AND NEW.entries > 0;
    list_id uuid; kind text; serves uuid;
BEGIN
    IF was = is_now THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        list_id := OLD.hash_list_id; kind := OLD.algorithm;
    ELSE
        list_id := NEW.hash_list_id; kind := NEW.algorithm;
    END IF;
    SELECT unit_id INTO serves FROM matching_hashlist WHERE id = list_id;
    IF NOT EXISTS (
        SELECT FROM matching_coverage c JOIN matching_hashlist l ON l.id = c.hash_list_id
        WHERE c.algorithm = kind AND c.entries > 0 AND c.hash_list_id <> list_id AND (l.unit_id IS NULL OR l.unit_id = serves)
    ) THEN
        INSERT INTO matching_sweep (unit_id, part, first_entry) VALUES (serves, 'referrals', 0)
        ON CONFLICT (unit_id, part) WHERE begun_at IS NULL DO UPDATE SET transaction = NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_coverage_changed AFTER INSERT OR UPDATE OR DELETE ON matching_coverage
    FOR EACH ROW EXECUTE FUNCTION matching_coverage_changed();

CREATE FUNCTION matching_prints_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH came AS (
        INSERT INTO matching_held (fingerprint_id, algorithm, value)
        SELECT id, algorithm, value FROM new_rows n
        WHERE algorithm = 'pdq' AND quality >= 50 AND octet_length(value) = 32
          AND NOT EXISTS (SELECT FROM matching_held h WHERE h.fingerprint_id = n.id)
        ORDER BY id RETURNING id, algorithm, value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM came ORDER BY id;
    RETURN NULL;
END $$;
CREATE FUNCTION matching_prints_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH went AS (
        DELETE FROM matching_held h USING old_rows o, new_rows n
        WHERE h.fingerprint_id = o.id AND n.id = o.id AND (o.value, o.quality) IS DISTINCT FROM (n.value, n.quality)
        RETURNING h.id, h.algorithm, h.value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM went ORDER BY id;
    WITH came AS (
        INSERT INTO matching_held (fingerprint_id, algorithm, value)
        SELECT id, algorithm, value FROM new_rows n
        WHERE algorithm = 'pdq' AND quality >= 50 AND octet_length(value) = 32
          AND NOT EXISTS (SELECT FROM matching_held h WHERE h.fingerprint_id = n.id)
        ORDER BY id RETURNING id, algorithm, value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM came ORDER BY id;
    RETURN NULL;
END $$;
CREATE FUNCTION matching_prints_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH went AS (
        DELETE FROM matching_held h USING old_rows o WHERE h.fingerprint_id = o.id RETURNING h.id, h.algorithm, h.value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM went ORDER BY id;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_prints_came AFTER INSERT ON evidence_fingerprint
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_prints_came();
CREATE TRIGGER matching_prints_changed AFTER UPDATE ON evidence_fingerprint
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_prints_changed();
CREATE TRIGGER matching_prints_went AFTER DELETE ON evidence_fingerprint
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_prints_went();

WITH came AS (
    INSERT INTO matching_held (fingerprint_id, algorithm, value)
    SELECT id, algorithm, value FROM evidence_fingerprint
    WHERE algorithm = 'pdq' AND quality >= 50 AND octet_length(value) = 32 ORDER BY id
    RETURNING id, algorithm, value
)
INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM came ORDER BY id;
"""
_UNDO = """
DROP TRIGGER matching_list_changed ON matching_hashlist;
DROP TRIGGER matching_matches_went ON matching_match;
DROP TRIGGER matching_coverage_changed ON matching_coverage;
DROP TRIGGER matching_prints_came ON evidence_fingerprint;
DROP TRIGGER matching_prints_changed ON evidence_fingerprint;
DROP TRIGGER matching_prints_went ON evidence_fingerprint;
DROP FUNCTION matching_list_changed();
DROP FUNCTION matching_matches_went();
DROP FUNCTION matching_coverage_changed();
DROP FUNCTION matching_prints_came();
DROP FUNCTION matching_prints_changed();
DROP FUNCTION matching_prints_went();
"""


class Migration(migrations.Migration):
    """Tables first, then the triggers that fill them; matches of before say nothing of versions."""

    dependencies = [("matching", "0002_change_log"), ("evidence", "0001_initial"), ("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            _BY_NAME,
            _ONE_AGAIN,
            state_operations=[
                migrations.DeleteModel("Indexed"),
                migrations.CreateModel(
                    name="Indexed",
                    fields=[
                        ("name", models.TextField(primary_key=True, serialize=False)),
                        ("origin", models.UUIDField(default=grace.kernel.ids.new_id)),
                    ],
                    options={"db_table": "matching_indexed"},
                ),
            ],
        ),
        migrations.AddField("change", "at", models.DateTimeField(db_default=Now())),
        migrations.AddField("hashlist", "version", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("match", "basis", models.TextField(default="observed", db_default="observed")),
        migrations.AddField("match", "list_version", models.IntegerField(null=True)),
        migrations.AddField("match", "list_changed_at", models.DateTimeField(null=True)),
        migrations.AddField("match", "index_origin", models.UUIDField(null=True)),
        migrations.AddField("match", "index_layout", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("match", "index_generation", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="Held",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "fingerprint",
                    models.OneToOneField(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="evidence.fingerprint"
                    ),
                ),
                ("algorithm", models.TextField()),
                ("value", models.BinaryField()),
            ],
            options={"db_table": "matching_held", "indexes": [models.Index(fields=["value"], name="matching_held_value")]},
        ),
        migrations.CreateModel(
            name="HeldChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField()),
                ("algorithm", models.TextField()),
                ("value", models.BinaryField()),
                ("came", models.BooleanField()),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={"db_table": "matching_held_change"},
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("came", models.BooleanField()),
                ("algorithm", models.TextField()),
                ("value", models.BinaryField()),
                ("entry", models.BigIntegerField(null=True)),
                ("transaction", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "matching_due",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("came", True), ("entry__isnull", False)) | models.Q(("came", False), ("entry__isnull", True)),
                        name="matching_due_entry",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "unit",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.unit"),
                ),
                ("first_entry", models.BigIntegerField()),
                ("transaction", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField(db_default=Now())),
                ("begun_at", models.DateTimeField(null=True)),
                (
                    "part",
                    models.TextField(
                        choices=[("files", "Files"), ("named", "Named"), ("referrals", "Referrals")], db_default="files", default="files"
                    ),
                ),
                ("after", models.UUIDField(null=True)),
                ("done", models.BigIntegerField(db_default=0, default=0)),
                ("total", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "db_table": "matching_sweep",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("begun_at", None)),
                        fields=("unit", "part"),
                        name="matching_sweep_waits_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunSQL(_TRIGGERS, _UNDO),
    ]
