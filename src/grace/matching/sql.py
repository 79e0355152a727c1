"""The statements that change entries, each worth reading; parameters are arrays, so that one statement carries a batch."""

from __future__ import annotations

from grace.kernel.sql import fill, insert_many

ENTRY_COLUMNS = {
    "hash_list_id": "uuid",
    "algorithm": "text",
    "value": "bytea",
    "category": "text",
    "source": "text",
    "note": "text",
    "item": "text",
    "facts": "jsonb",
    "added_at": "timestamptz",
}

# A known entry is updated only where its list now says something else: importing the same file again writes nothing. One that
# another item named first stays that item's; NAME_FURTHER writes down that this one names it too. What is listed for itself, under no
# item, and as a picture of a video is both: neither takes it from the other.
UPSERT = insert_many(
    "matching_entry",
    ENTRY_COLUMNS,
    """ON CONFLICT (hash_list_id, algorithm, value) DO UPDATE
    SET category = excluded.category, source = excluded.source, note = excluded.note, facts = excluded.facts,
        item = CASE WHEN excluded.item = '' THEN matching_entry.item ELSE excluded.item END
    WHERE (matching_entry.item = excluded.item
           OR ((matching_entry.item = '' OR excluded.item = '') AND NOT EXISTS (
               SELECT FROM matching_listed_video v
               WHERE v.hash_list_id = excluded.hash_list_id AND v.item IN (matching_entry.item, excluded.item))))
      AND (matching_entry.category, matching_entry.source, matching_entry.note, matching_entry.facts,
           CASE WHEN excluded.item = '' THEN '' ELSE matching_entry.item END)
      IS DISTINCT FROM (excluded.category, excluded.source, excluded.note, excluded.facts, excluded.item)
    RETURNING (xmax = 0), algorithm, item""",
)

FIRST_ITEMS = """
SELECT e.algorithm, e.value, e.item FROM UNNEST(%s::text[], %s::bytea[]) AS told (algorithm, value)
JOIN matching_entry e ON e.hash_list_id = %s AND e.algorithm = told.algorithm AND e.value = told.value
"""
OF_ITEMS = """
SELECT e.item, e.algorithm, e.value FROM matching_entry e WHERE e.hash_list_id = %(list)s AND e.item = ANY(%(items)s) AND e.item <> ''
UNION
SELECT n.item, e.algorithm, e.value FROM matching_naming n JOIN matching_entry e ON e.id = n.entry_id
WHERE e.hash_list_id = %(list)s AND n.item = ANY(%(items)s)
"""
NAME_FURTHER = """
INSERT INTO matching_naming (entry_id, item, category, source)
SELECT e.id, told.item, told.category, told.source
FROM UNNEST(%s::text[], %s::bytea[], %s::text[], %s::text[], %s::text[]) AS told (algorithm, value, item, category, source)
JOIN matching_entry e ON e.hash_list_id = %s AND e.algorithm = told.algorithm AND e.value = told.value AND e.item <> told.item
WHERE told.item <> '' OR EXISTS (SELECT FROM matching_listed_video v WHERE v.hash_list_id = e.hash_list_id AND v.item = e.item)
ON CONFLICT (entry_id, item) DO UPDATE SET category = excluded.category, source = excluded.source
WHERE (matching_naming.category, matching_naming.source) IS DISTINCT FROM (excluded.category, excluded.source)
RETURNING item
"""

COUNT = """
INSERT INTO matching_coverage (id, hash_list_id, algorithm, entries)
SELECT %s, %s, %s, %s
ON CONFLICT (hash_list_id, algorithm) DO UPDATE SET entries = matching_coverage.entries + excluded.entries
"""

# What an item no longer names. An empty array of values means all that it names.
_UNNAMED = """
WITH gone AS MATERIALIZED (
    SELECT DISTINCT item, algorithm, value
    FROM UNNEST(%(items)s::text[], %(algorithms)s::text[], %(values)s::bytea[]) AS g (item, algorithm, value)
)"""
FORGET_NAMINGS = fill(
    """{unnamed}
DELETE FROM matching_naming n USING gone, matching_entry e
WHERE n.item = gone.item AND e.id = n.entry_id AND e.hash_list_id = %(list)s
  AND (gone.algorithm = '' OR (e.algorithm = gone.algorithm AND e.value = gone.value))
""",
    unnamed=_UNNAMED,
)
# An entry whose first item is gone becomes that of the next item that names it …
HAND_ON = fill(
    """{unnamed},
heirs AS (
    SELECT DISTINCT ON (e.id) e.id AS entry_id, n.id AS naming_id, n.item, n.category, n.source
    FROM gone
    JOIN matching_entry e ON e.hash_list_id = %(list)s AND e.item = gone.item AND e.item <> ''
     AND (gone.algorithm = '' OR (e.algorithm = gone.algorithm AND e.value = gone.value))
    JOIN matching_naming n ON n.entry_id = e.id
    ORDER BY e.id, n.id
),
passed AS (DELETE FROM matching_naming n USING heirs WHERE n.id = heirs.naming_id)
UPDATE matching_entry e SET item = heirs.item, category = heirs.category, source = heirs.source, facts = '{}', note = ''
FROM heirs WHERE e.id = heirs.entry_id
""",
    unnamed=_UNNAMED,
)
# … and one that nothing else names leaves the list.
TO_REMOVE = fill(
    """{unnamed}
SELECT e.id FROM gone
JOIN matching_entry e ON e.hash_list_id = %(list)s AND e.item = gone.item AND e.item <> ''
 AND (gone.algorithm = '' OR (e.algorithm = gone.algorithm AND e.value = gone.value))
UNION
SELECT e.id FROM gone
JOIN matching_entry e ON e.hash_list_id = %(list)s AND gone.item = '' AND e.algorithm = gone.algorithm AND e.value = gone.value
""",
    unnamed=_UNNAMED,
)

# What hangs on an entry (matches, opinions, …) goes with it by the database's own cascade, whatever comes in meanwhile.
REMOVE = """
WITH doomed AS MATERIALIZED (
    SELECT id FROM matching_entry WHERE hash_list_id = %(list)s AND id = ANY(%(ids)s) ORDER BY id FOR UPDATE
),
taken AS (
    DELETE FROM matching_entry WHERE id IN (SELECT id FROM doomed)
    RETURNING id, hash_list_id, algorithm, value, category, source, note, item, facts, added_at
),
kept AS (
    INSERT INTO matching_removed (hash_list_id, entry_id, algorithm, value, category, source, note, item, facts, added_at, removed_at,
                                  removed_by, why)
    SELECT hash_list_id, id, algorithm, value, category, source, note, item, facts, added_at, %(now)s, %(by)s, %(why)s FROM taken
)
SELECT algorithm, count(*), array_agg(DISTINCT item) FROM taken GROUP BY algorithm ORDER BY algorithm
"""

# A whole list, once it is locked: nobody can refer to it any more until the end. Entries go in batches, because the database keeps what
# is to follow a statement in memory; what hangs on them goes by its cascade. The list itself goes last: triggers ask it whom it serves.
REMOVE_ENTRIES = """
WITH doomed AS MATERIALIZED (
    SELECT algorithm, id FROM matching_entry WHERE hash_list_id = %s AND (algorithm, id) > (%s, %s) ORDER BY algorithm, id LIMIT 50000
),
gone AS (DELETE FROM matching_entry WHERE id IN (SELECT id FROM doomed))
SELECT algorithm, id FROM doomed ORDER BY algorithm DESC, id DESC LIMIT 1
"""
HANGING_ON_LISTS = tuple(f"matching_{each}" for each in ("coverage", "served", "reader", "sharing", "feed", "proposal", "removed", "entry"))
REMOVE_LIST = (
    *(fill("DELETE FROM {table} WHERE hash_list_id = %s", table=each) for each in HANGING_ON_LISTS),
    "DELETE FROM matching_hashlist WHERE id = %s",
)

# Loading a list whole: what the file named is noted in a table of the transaction's own, and the rest is what left the list.
SEEN = "CREATE TEMPORARY TABLE matching_seen (entry_id bigint, item text, PRIMARY KEY (entry_id, item)) ON COMMIT DROP"
NO_LONGER_SEEN = "DROP TABLE matching_seen"
NOTE_SEEN = """
INSERT INTO matching_seen (entry_id, item)
SELECT e.id, told.item FROM UNNEST(%s::text[], %s::bytea[], %s::text[]) AS told (algorithm, value, item)
JOIN matching_entry e ON e.hash_list_id = %s AND e.algorithm = told.algorithm AND e.value = told.value
ON CONFLICT DO NOTHING
"""
FORGET_UNSEEN_NAMINGS = """
DELETE FROM matching_naming n USING matching_entry e
WHERE e.id = n.entry_id AND e.hash_list_id = %s AND NOT EXISTS (SELECT FROM matching_seen s WHERE s.entry_id = e.id AND s.item = n.item)
"""
HAND_ON_UNSEEN = """
WITH heirs AS (
    SELECT DISTINCT ON (e.id) e.id AS entry_id, n.id AS naming_id, n.item, n.category, n.source
    FROM matching_entry e JOIN matching_naming n ON n.entry_id = e.id
    WHERE e.hash_list_id = %s AND NOT EXISTS (SELECT FROM matching_seen s WHERE s.entry_id = e.id AND s.item = e.item)
    ORDER BY e.id, n.id
),
passed AS (DELETE FROM matching_naming n USING heirs WHERE n.id = heirs.naming_id)
UPDATE matching_entry e SET item = heirs.item, category = heirs.category, source = heirs.source, facts = '{}', note = ''
FROM heirs WHERE e.id = heirs.entry_id
"""
COUNT_UNSEEN = """
SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM matching_seen s WHERE s.entry_id = e.id))
FROM matching_entry e WHERE e.hash_list_id = %s
"""
UNSEEN = """
SELECT e.id FROM matching_entry e
WHERE e.hash_list_id = %s AND e.id > %s AND NOT EXISTS (SELECT FROM matching_seen s WHERE s.entry_id = e.id) ORDER BY e.id LIMIT %s
"""
