-- Somebody opened a record: it stands first among what they opened lately, and only the newest of these stay.
-- Grain: one row a person, post, kind and key. Answers whether the record is pinned. Expected index: shortcut_once.
-- Rows that another page of the same person holds are left to it: pages never wait for each other here.
WITH opened AS (
    INSERT INTO desk_shortcut (staff_id, post_id, org_no, kind, key, opened_at)
    VALUES (%(staff)s, %(post)s, %(org_no)s, %(kind)s, %(key)s, %(now)s)
    ON CONFLICT (staff_id, post_id, kind, key)
    DO UPDATE SET opened_at = excluded.opened_at, org_no = excluded.org_no
    RETURNING pinned_at
), stale AS (
    SELECT id FROM desk_shortcut
    WHERE staff_id = %(staff)s AND post_id = %(post)s AND pinned_at IS NULL AND NOT (kind = %(kind)s AND key = %(key)s)
    ORDER BY opened_at DESC, id DESC
    OFFSET %(others)s
    FOR UPDATE SKIP LOCKED
), dropped AS (
    DELETE FROM desk_shortcut WHERE id IN (SELECT id FROM stale)
)
SELECT pinned_at IS NOT NULL FROM opened
