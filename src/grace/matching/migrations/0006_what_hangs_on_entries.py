"""What hangs on an entry goes with it; what it is worth changing is noted for whoever asks what is stored again."""

from __future__ import annotations

from django.db import migrations

from grace.kernel.sql import fill

# In the database itself: entries are deleted in bulk while others write matches.
_CASCADE = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT c.conname, c.conrelid::regclass AS of FROM pg_constraint c
    WHERE c.contype = 'f' AND c.confrelid = 'matching_entry'::regclass AND c.confdeltype = 'a'
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.of, found.conname);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (entry_id) REFERENCES matching_entry (id) ON DELETE CASCADE '
                   'DEFERRABLE INITIALLY DEFERRED', found.of, found.conname);
  END LOOP;
END $$
"""

_WORTH = """
CREATE FUNCTION matching_worth_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_due (came, algorithm, value) SELECT DISTINCT false, m.algorithm, m.value
    FROM new_rows n JOIN matching_match m ON m.entry_id = n.entry_id;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_entry_set_aside AFTER INSERT ON matching_setaside
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_worth_changed();
CREATE TRIGGER matching_entry_restored AFTER UPDATE ON matching_setaside
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION matching_worth_changed();
"""
_NO_WORTH = """
DROP TRIGGER matching_entry_set_aside ON matching_setaside;
DROP TRIGGER matching_entry_restored ON matching_setaside;
DROP FUNCTION matching_worth_changed();
"""

# Only alert lists tell “not checked” from “on no list”; before there were meanings every list was one.
_COVERAGE = """
CREATE OR REPLACE FUNCTION matching_coverage_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was boolean := TG_OP <> 'INSERT' AND OLD.entries > 0;
    is_now boolean := TG_OP <> 'DELETE' AND NEW.entries > 0;
    list_id uuid; kind text; serves uuid; does_count boolean;
BEGIN
    IF was = is_now THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        list_id := OLD.hash_list_id; kind := OLD.algorithm;
    ELSE
        list_id := NEW.hash_list_id; kind := NEW.algorithm;
    END IF;
    SELECT l.unit_id, {counts} INTO serves, does_count FROM matching_hashlist l WHERE l.id = list_id;
    IF does_count IS NOT false AND NOT EXISTS (
        SELECT FROM matching_coverage c JOIN matching_hashlist l ON l.id = c.hash_list_id
        WHERE c.algorithm = kind AND c.entries > 0 AND c.hash_list_id <> list_id AND (l.unit_id IS NULL OR l.unit_id = serves) AND {counts}
    ) THEN
        INSERT INTO matching_sweep (unit_id, part, first_entry) VALUES (serves, 'referrals', 0)
        ON CONFLICT (unit_id, part) WHERE begun_at IS NULL DO UPDATE SET transaction = NULL;
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0005_lists"),
    ]

    operations = [  # a migration of its own: new constraints are made at the end of the one before
        migrations.RunSQL(_CASCADE, migrations.RunSQL.noop),
        migrations.RunSQL(_WORTH, _NO_WORTH),
        migrations.RunSQL(fill(_COVERAGE, counts="l.meaning = 'alert'"), fill(_COVERAGE, counts="true")),
    ]
