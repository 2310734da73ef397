"""The audit in one partition a month, the functions that make and drop them, and the table of what was archived.

`hongyan_app` owns nothing and may not make tables, so functions of the owner do; see 0002_facts of the ledger for how a
partition is made. Unlike the facts, an audit row must never be refused for want of a partition: `core_auditevent_other`
takes what no month does, and gives it up when its month is made.

The key of a partitioned table holds the column it is partitioned by. Numbers come from one sequence and are unique
without it.
"""

from django.db import migrations, models

REPLACE = """
ALTER TABLE core_auditevent RENAME TO core_auditevent_whole;
ALTER TABLE core_auditevent_whole NO FORCE ROW LEVEL SECURITY;
ALTER TABLE core_auditevent_whole RENAME CONSTRAINT core_auditevent_pkey TO core_auditevent_whole_pkey;
DROP INDEX audit_at, audit_subject, audit_actor;

CREATE TABLE core_auditevent (LIKE core_auditevent_whole) {partitioning};
ALTER TABLE core_auditevent ADD CONSTRAINT core_auditevent_pkey PRIMARY KEY ({key});
CREATE INDEX audit_at ON core_auditevent (at DESC, id DESC);
CREATE INDEX audit_subject ON core_auditevent (subject_kind, subject, at DESC);
CREATE INDEX audit_actor ON core_auditevent (actor, at DESC);
{before_the_rows}
INSERT INTO core_auditevent SELECT * FROM core_auditevent_whole;
DROP TABLE core_auditevent_whole;
CREATE SEQUENCE core_auditevent_id_seq OWNED BY core_auditevent.id;
SELECT setval('core_auditevent_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM core_auditevent), false);
ALTER TABLE core_auditevent ALTER COLUMN id SET DEFAULT nextval('core_auditevent_id_seq');

REVOKE UPDATE, DELETE, TRUNCATE ON core_auditevent FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_auditevent FORCE ROW LEVEL SECURITY;
CREATE POLICY written ON core_auditevent FOR INSERT TO hongyan_app, hongyan_group WITH CHECK (true);
CREATE POLICY read_in_scope ON core_auditevent FOR SELECT TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY read_group ON core_auditevent FOR SELECT TO hongyan_group USING (true);
"""

# A month's bounds are instants in UTC, as the rows' are.
MAKE_MONTHS = """
CREATE FUNCTION core_make_audit_months(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text;
    month date;
    since timestamptz;
    until timestamptz;
    made integer := 0;
BEGIN
    IF first_day < date '1990-01-01' OR last_day >= date '2100-01-01' THEN
        RAISE EXCEPTION 'no partitions before 1990 or after 2099';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('core.audit_months'));
    FOR month IN SELECT generate_series(date_trunc('month', first_day), last_day, interval '1 month')::date LOOP
        part := 'core_auditevent_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass(part) IS NOT NULL;
        since := month::timestamp AT TIME ZONE 'UTC';
        until := (month + interval '1 month')::timestamp AT TIME ZONE 'UTC';
        EXECUTE format('CREATE TABLE %I (LIKE core_auditevent INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
        EXECUTE format('REVOKE ALL ON %I FROM hongyan_app, hongyan_group, hongyan_bulk', part);
        -- an owner that is no superuser sees rows only of tables whose security is not forced
        ALTER TABLE core_auditevent_other NO FORCE ROW LEVEL SECURITY;
        EXECUTE format('INSERT INTO %I SELECT * FROM core_auditevent_other WHERE at >= $1 AND at < $2', part)
            USING since, until;
        DELETE FROM core_auditevent_other WHERE at >= since AND at < until;
        ALTER TABLE core_auditevent_other FORCE ROW LEVEL SECURITY;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE core_auditevent ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       part, since, until);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION core_make_audit_months(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_make_audit_months(date, date) TO hongyan_bulk;
"""

FIRST_MONTHS = """
CREATE TABLE core_auditevent_other (LIKE core_auditevent);
REVOKE ALL ON core_auditevent_other FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditevent_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_auditevent_other FORCE ROW LEVEL SECURITY;
ALTER TABLE core_auditevent ATTACH PARTITION core_auditevent_other DEFAULT;
SELECT core_make_audit_months(
    (SELECT least(coalesce(min(at), now()), now() - interval '1 month')::date FROM core_auditevent_whole),
    (now() + interval '3 months')::date
);
"""

# What is dropped was archived, and is older than the law lets anybody drop (网络安全法 21: six months).
DROP_MONTH = """
CREATE FUNCTION core_drop_audit_month(dropped date, today date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
BEGIN
    IF dropped + interval '1 month' > today - interval '180 days' THEN
        RAISE EXCEPTION 'the audit is kept for 180 days at least';
    END IF;
    IF NOT EXISTS (SELECT FROM core_auditarchive archive WHERE archive.month = dropped) THEN
        RAISE EXCEPTION 'a month of the audit is dropped only after it was archived';
    END IF;
    EXECUTE format('DROP TABLE %I', 'core_auditevent_' || to_char(dropped, 'YYYYMM'));
END $$;
REVOKE ALL ON FUNCTION core_drop_audit_month(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_drop_audit_month(date, date) TO hongyan_bulk;
"""

# Numbers, dates and digests of months: the function above reads them too, whoever owns it.
GUARD_ARCHIVES = """
REVOKE UPDATE, DELETE, TRUNCATE ON core_auditarchive FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditarchive ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_auditarchive FORCE ROW LEVEL SECURITY;
CREATE POLICY read ON core_auditarchive FOR SELECT USING (true);
"""
UNGUARD_ARCHIVES = "DROP POLICY read ON core_auditarchive"

FORWARDS = REPLACE.format(
    partitioning="PARTITION BY RANGE (at)", key="id, at", before_the_rows=MAKE_MONTHS + FIRST_MONTHS
)
BACKWARDS = "DROP FUNCTION core_make_audit_months(date, date);" + REPLACE.format(
    partitioning="", key="id", before_the_rows=""
)


class Migration(migrations.Migration):
    dependencies = [("core", "0005_rates")]
    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.CreateModel(
            name="AuditArchive",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField()),
                ("rows", models.BigIntegerField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("root", models.BinaryField(max_length=32)),
                ("archived_at", models.DateTimeField()),
                ("mac", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RunSQL(GUARD_ARCHIVES, UNGUARD_ARCHIVES),
        migrations.RunSQL(DROP_MONTH, "DROP FUNCTION core_drop_audit_month(date, date)"),
    ]
