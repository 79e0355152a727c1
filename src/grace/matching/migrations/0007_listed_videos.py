"""Videos that a list names by their pictures; where one of these is set aside, the video is another, and is asked about again."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

_WITH_ITS_LIST = """
ALTER TABLE matching_listed_video ADD CONSTRAINT matching_listed_video_list
FOREIGN KEY (hash_list_id) REFERENCES matching_hashlist (id) ON DELETE CASCADE
"""
# One place says which pictures a listed video has. The planner puts it into the statement that asks.
_PICTURES = """
CREATE FUNCTION matching_video_pictures(of_list uuid, of_item text)
RETURNS TABLE (entry bigint, value bytea, added_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT e.id, e.value, e.added_at FROM matching_entry e
    WHERE e.hash_list_id = of_list AND e.item = of_item AND e.item <> '' AND e.algorithm = 'pdq'
    UNION ALL
    SELECT e.id, e.value, e.added_at FROM matching_naming n JOIN matching_entry e ON e.id = n.entry_id
    WHERE n.item = of_item AND e.hash_list_id = of_list AND e.algorithm = 'pdq'
$$;
"""
_NO_PICTURES = "DROP FUNCTION matching_video_pictures(uuid, text)"

_MATCHES = """
    INSERT INTO matching_due (came, algorithm, value) SELECT DISTINCT false, m.algorithm, m.value
    FROM new_rows n JOIN matching_match m ON m.entry_id = n.entry_id;
"""
# The shares of a video rest on all of its pictures that count.
_VIDEOS = """
    INSERT INTO matching_due (came, algorithm, value, entry) SELECT DISTINCT true, 'pdq', p.value, p.entry
    FROM new_rows r
    JOIN matching_entry e ON e.id = r.entry_id
    JOIN matching_listed_video v ON v.hash_list_id = e.hash_list_id
     AND (v.item = e.item OR v.item IN (SELECT n.item FROM matching_naming n WHERE n.entry_id = e.id))
    CROSS JOIN LATERAL matching_video_pictures(v.hash_list_id, v.item) p;
"""


def _worth(*statements: str) -> str:
    body = "".join(statements)
    return f"CREATE OR REPLACE FUNCTION matching_worth_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0006_what_hangs_on_entries"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListedVideo",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("item", models.TextField()),
                ("label", models.TextField()),
                (
                    "hash_list",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="videos", to="matching.hashlist"
                    ),
                ),
            ],
            options={
                "db_table": "matching_listed_video",
                "constraints": [models.UniqueConstraint(fields=("hash_list", "item"), name="matching_listed_video_once")],
            },
        ),
        migrations.RunSQL(_WITH_ITS_LIST, "ALTER TABLE matching_listed_video DROP CONSTRAINT matching_listed_video_list"),
        migrations.RunSQL(_PICTURES, _NO_PICTURES),
        migrations.RunSQL(_worth(_MATCHES, _VIDEOS), _worth(_MATCHES)),
    ]
