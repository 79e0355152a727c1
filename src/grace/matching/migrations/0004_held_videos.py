"""The pictures of videos that are held stand beside the pictures that are held."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from grace.kernel.sql import fill

# A video's fingerprint is laid out in grace.sdk.video: six bytes, then for each picture four of time, one of quality and 32 of PDQ.
# It is put together with nothing first: else each piece would be read from where large values are stored.
_PICTURES = """
CREATE OR REPLACE FUNCTION matching_pictures_of(kind text, quality smallint, value bytea) RETURNS SETOF bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT value WHERE kind = 'pdq' AND quality >= 50 AND octet_length(value) = 32
    UNION ALL
    SELECT DISTINCT substring(whole FROM 12 + 37 * n FOR 32)
    FROM (SELECT value || ''::bytea AS whole WHERE kind = 'vpdq' OFFSET 0) AS video,
         generate_series(0, (octet_length(whole) - 6) / 37 - 1) AS n
    WHERE get_byte(whole, 10 + 37 * n) >= 50
$$;
"""
_PICTURES_WITHOUT_VIDEOS = """
CREATE OR REPLACE FUNCTION matching_pictures_of(kind text, quality smallint, value bytea) RETURNS SETOF bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT value WHERE kind = 'pdq' AND quality >= 50 AND octet_length(value) = 32
$$;
WITH went AS (
    DELETE FROM matching_held h USING evidence_fingerprint p WHERE p.id = h.fingerprint_id AND p.algorithm = 'vpdq'
    RETURNING h.id, h.algorithm, h.value
)
INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM went ORDER BY id;
"""
_CAME = """
    WITH came AS (
        INSERT INTO matching_held (fingerprint_id, algorithm, value)
        SELECT n.id, 'pdq', picture FROM new_rows n CROSS JOIN LATERAL matching_pictures_of(n.algorithm, n.quality, n.value) AS picture
        WHERE NOT EXISTS (SELECT FROM matching_held h WHERE h.fingerprint_id = n.id)
        ORDER BY n.id RETURNING id, algorithm, value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, true FROM came ORDER BY id;
"""
_TRIGGERS = fill(
    """
CREATE OR REPLACE FUNCTION matching_prints_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {came}
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION matching_prints_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH went AS (
        DELETE FROM matching_held h USING old_rows o, new_rows n
        WHERE h.fingerprint_id = o.id AND n.id = o.id AND (o.value, o.quality) IS DISTINCT FROM (n.value, n.quality)
        RETURNING h.id, h.algorithm, h.value
    )
    INSERT INTO matching_held_change (entry, algorithm, value, came) SELECT id, algorithm, value, false FROM went ORDER BY id;
    {came}
    RETURN NULL;
END $$;
""",
    came=_CAME,
)


class Migration(migrations.Migration):
    """What is undone leaves the triggers with pictures alone."""

    dependencies = [("matching", "0003_rematch")]

    operations = [
        migrations.AlterField(
            "held",
            "fingerprint",
            models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="evidence.fingerprint"
            ),
        ),
        migrations.RunSQL(_PICTURES + _TRIGGERS, _PICTURES_WITHOUT_VIDEOS),
    ]
