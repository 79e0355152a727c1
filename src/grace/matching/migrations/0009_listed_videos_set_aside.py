"""A listed video is found page by page, says when it came and how long it is, and can be set aside as a whole."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import grace.kernel.clock

_FIRST_PICTURES = """
UPDATE matching_listed_video v SET added_at = came.first FROM (
    SELECT l.id, min(p.added_at) AS first
    FROM matching_listed_video l CROSS JOIN LATERAL matching_video_pictures(l.hash_list_id, l.item) p GROUP BY l.id
) came WHERE came.id = v.id
"""
# The same answer; but from the namings of the item to their entries, whatever the planner holds likely: the other way walks the list.
_PICTURES = """
CREATE OR REPLACE FUNCTION matching_video_pictures(of_list uuid, of_item text)
RETURNS TABLE (entry bigint, value bytea, added_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT e.id, e.value, e.added_at FROM matching_entry e
    WHERE e.hash_list_id = of_list AND e.item = of_item AND e.item <> '' AND e.algorithm = 'pdq'
    UNION ALL
    SELECT named.id, named.value, named.added_at FROM matching_naming n CROSS JOIN LATERAL (
        SELECT e.id, e.value, e.added_at FROM matching_entry e
        WHERE e.id = n.entry_id AND e.hash_list_id = of_list AND e.algorithm = 'pdq' OFFSET 0
    ) named WHERE n.item = of_item
$$;
"""


def _text(name: str) -> migrations.AddField:
    return migrations.AddField("listedvideo", name, models.TextField(blank=True, db_default="", default=""))


def _moment(name: str) -> migrations.AddField:
    return migrations.AddField("listedvideo", name, models.DateTimeField(null=True))


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_newest_entries")]

    operations = [
        migrations.RunSQL(_PICTURES, migrations.RunSQL.noop),
        migrations.AddField("listedvideo", "milliseconds", models.BigIntegerField(null=True)),
        migrations.AddField("listedvideo", "added_at", models.DateTimeField(db_default=Now(), default=grace.kernel.clock.now)),
        migrations.RunSQL(_FIRST_PICTURES, migrations.RunSQL.noop),
        *(_moment(name) for name in ("set_at", "restored_at")),
        *(_text(name) for name in ("set_by", "reason", "restored_by", "restored_because")),
        migrations.AddIndex("listedvideo", models.Index(fields=["hash_list", "id"], name="matching_listed_video_newest")),
        migrations.AddIndex(
            "listedvideo",
            models.Index(
                condition=models.Q(("set_at", None), _negated=True) & models.Q(("restored_at", None)),
                fields=["hash_list", "id"],
                name="matching_listed_video_aside",
            ),
        ),
        migrations.AlterField(
            "listedvideo",
            "hash_list",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="videos",
                to="matching.hashlist",
            ),
        ),
    ]
