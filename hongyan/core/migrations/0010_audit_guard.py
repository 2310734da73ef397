"""A month of the audit is dropped only against a proof, and when its archive says what the month holds.

Who may enter an archive and call the function could enter any, also one whose root was counted right: the rows are
there to be read. So the function asks for what only the house can make (see `core.audit_guard`), and then compares
numbers, first and last row and the digest over the leaves of all rows with the month itself.

`root` is a SHA-256 over the digests of ten thousand leaves each, as `core.audit_archives.digest_of_leaves` makes it.
"""

from importlib import import_module

from django.db import migrations

BY_BOTH_CLOCKS: str = import_module("hongyan.core.migrations.0008_audit_floor").BY_BOTH

GUARD = """
CREATE TABLE core_auditguard (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
REVOKE ALL ON core_auditguard FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditguard ENABLE ROW LEVEL SECURITY;
"""

DROP_MONTH = """
DROP FUNCTION core_drop_audit_month(date, date);
CREATE FUNCTION core_drop_audit_month(dropped date, today date, proof bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    part text := 'core_auditevent_' || to_char(dropped, 'YYYYMM');
    archive core_auditarchive;
    guard core_auditguard;
    said bytea;
    held record;
BEGIN
    IF dropped + interval '1 month' > least(today, (now() AT TIME ZONE 'UTC')::date) - interval '180 days' THEN
        RAISE EXCEPTION 'the audit is kept for 180 days at least';
    END IF;
    SELECT * INTO archive FROM core_auditarchive entered WHERE entered.month = dropped;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a month of the audit is dropped only after it was archived';
    END IF;
    SELECT * INTO STRICT guard FROM core_auditguard;
    said := convert_to(concat_ws(' ', 'drop', to_char(dropped, 'YYYY-MM-DD'), archive.uuid, archive.rows,
        archive.first_id, archive.last_id, archive.digest, encode(archive.root, 'hex')), 'UTF8');
    IF proof IS DISTINCT FROM sha256(guard.outer_pad || sha256(guard.inner_pad || said)) THEN
        RAISE EXCEPTION 'this archive was not made by the house';
    END IF;
    -- an owner that is no superuser sees rows only of tables whose security is not forced
    EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', part);
    EXECUTE format($count$
        WITH rows AS (
            SELECT id, substring(sha256(int8send(id) || mac) FOR 16) AS leaf,
                   (row_number() OVER (ORDER BY id) - 1) / 10000 AS chunk
            FROM %I
        ), chunks AS (
            SELECT chunk, count(*) AS rows, min(id) AS first_id, max(id) AS last_id,
                   sha256(string_agg(leaf, ''::bytea ORDER BY id)) AS digest
            FROM rows GROUP BY chunk
        )
        SELECT coalesce(sum(rows), 0)::bigint AS rows, coalesce(min(first_id), 0) AS first_id,
               coalesce(max(last_id), 0) AS last_id,
               sha256(coalesce(string_agg(digest, ''::bytea ORDER BY chunk), ''::bytea)) AS root
        FROM chunks
    $count$, part) INTO held;
    IF (held.rows, held.first_id, held.last_id, held.root)
        IS DISTINCT FROM (archive.rows, archive.first_id, archive.last_id, archive.root)
    THEN
        RAISE EXCEPTION 'the archive does not say what the month holds';
    END IF;
    EXECUTE format('DROP TABLE %I', part);
END $$;
REVOKE ALL ON FUNCTION core_drop_audit_month(date, date, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_drop_audit_month(date, date, bytea) TO hongyan_bulk;
"""
_WITH_GRANTS = """
DROP FUNCTION core_drop_audit_month(date, date, bytea);
{function}
REVOKE ALL ON FUNCTION core_drop_audit_month(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_drop_audit_month(date, date) TO hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0009_exception_routine")]
    operations = [
        migrations.RunSQL(GUARD, "DROP TABLE core_auditguard"),
        migrations.RunSQL(DROP_MONTH, _WITH_GRANTS.format(function=BY_BOTH_CLOCKS)),
    ]
