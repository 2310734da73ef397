-- Purpose: how complete, valid and fresh the data of customers are: score and gaps, written where they changed.
--          `{whom}` is a range of numbers, or the customers that are due.
-- Grain: active customer of whom the rules ask anything.
-- Index: keys of customers and of the source records that their lineage names; source parties by customer.
WITH rule AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb)
        AS rule(party_type text, line text, item text, weight integer, is_must boolean)
),
line AS (
    SELECT customer_id, array_agg(DISTINCT line ORDER BY line) AS lines
    FROM customer_relationship WHERE customer_id {whom} AND status = 'active' GROUP BY customer_id
),
whom AS MATERIALIZED (
    SELECT customer.*, coalesce(line.lines, '{}') AS lines
    FROM customer_customer customer LEFT JOIN line ON line.customer_id = customer.id
    WHERE customer.id {whom} AND customer.survivor_id IS NULL AND customer.status = 'active'
),
fresh AS (
    SELECT party.customer_id,
           max(coalesce((record.source_updated_at AT TIME ZONE 'Asia/Shanghai')::date, record.as_of,
                        (record.received_at AT TIME ZONE 'Asia/Shanghai')::date)) AS as_of
    FROM customer_sourceparty party JOIN customer_sourcerecord record ON record.party_id = party.id AND record.is_current
    WHERE party.customer_id {whom} GROUP BY party.customer_id
),
noted AS (
    SELECT DISTINCT ON (coalesce(known.survivor_id, known.id)) coalesce(known.survivor_id, known.id) AS holder_id, told.nationality,
           told.id AS note_id, told.occupation, told.credential_until, told.is_lifelong, told.made_at
    FROM quality_diligence told JOIN customer_customer known ON known.id = told.customer_id
    WHERE known.id {whom} OR known.survivor_id {whom}
    ORDER BY coalesce(known.survivor_id, known.id), told.id DESC
),
asked AS MATERIALIZED (
    SELECT kind.party_type, kind.lines, rule.item, max(rule.weight) AS weight, bool_or(rule.is_must) AS is_must
    FROM (SELECT DISTINCT party_type, lines FROM whom) kind
    JOIN rule ON rule.party_type = kind.party_type AND (rule.line = '' OR rule.line = ANY(kind.lines))
    GROUP BY kind.party_type, kind.lines, rule.item
),
item AS (
    SELECT whom.id, whom.party_type, whom.lines, value.item, value.is_there, value.is_valid,
           greatest(fresh.as_of, (noted.made_at AT TIME ZONE 'Asia/Shanghai')::date) AS as_of, noted.credential_until
    FROM whom
    LEFT JOIN fresh ON fresh.customer_id = whom.id
    LEFT JOIN noted ON noted.holder_id = whom.id
    LEFT JOIN customer_sourcerecord said_name ON said_name.id = (whom.lineage -> 'name' ->> 0)::bigint
    LEFT JOIN customer_sourcerecord said_number ON said_number.id = (whom.lineage -> 'credential_masked' ->> 0)::bigint
    LEFT JOIN customer_sourcerecord said_mobile ON said_mobile.id = (whom.lineage -> 'mobile_masked' ->> 0)::bigint
    LEFT JOIN customer_sourcerecord said_phone ON said_phone.id = (whom.lineage -> 'landline_masked' ->> 0)::bigint
    LEFT JOIN customer_sourcerecord said_email ON said_email.id = (whom.lineage -> 'email_masked' ->> 0)::bigint
    CROSS JOIN LATERAL (
        SELECT coalesce((said_mobile.fields ->> 'mobile_valid')::boolean, true) AS mobile,
               coalesce((said_phone.fields ->> 'landline_valid')::boolean, true) AS landline
    ) valid
    CROSS JOIN LATERAL (VALUES
        ('name', whom.name <> '', NOT coalesce((said_name.fields ->> 'name_is_fragment')::boolean, false)),
        ('credential', whom.credential_masked <> '', coalesce((said_number.fields ->> 'credential_valid')::boolean, true)),
        ('credential_until', coalesce(noted.is_lifelong OR noted.credential_until IS NOT NULL, false),
         coalesce(noted.is_lifelong OR noted.credential_until >= %(today)s, false)),
        ('gender', whom.gender IN ('1', '2'), true),
        ('birth_date', whom.birth_date IS NOT NULL, whom.birth_date BETWEEN %(oldest)s AND %(today)s),
        ('nationality', coalesce(noted.nationality, '') <> '', true),
        ('occupation', coalesce(noted.occupation, '') <> '', true),
        ('mobile', whom.mobile_masked <> '', valid.mobile),
        ('phone', whom.mobile_masked <> '' OR whom.landline_masked <> '',
         whom.mobile_masked <> '' AND valid.mobile OR whom.landline_masked <> '' AND valid.landline),
        ('email', whom.email_masked <> '', coalesce((said_email.fields ->> 'email_valid')::boolean, true)),
        ('address', whom.address <> '', true),
        ('division', whom.division <> '', EXISTS (SELECT FROM org_division division WHERE division.code = whom.division)),
        ('postcode', whom.postcode <> '', whom.postcode ~ '^[0-9]{6}$'),
        ('legal_person', whom.legal_person <> '', true),
        ('industry', whom.industry <> '', true),
        ('scale', whom.scale <> '', true),
        ('record', true, coalesce(greatest(fresh.as_of, (noted.made_at AT TIME ZONE 'Asia/Shanghai')::date) >= %(fresh_from)s, false))
    ) AS value(item, is_there, is_valid)
),
found AS (
    SELECT item.id, item.as_of, item.credential_until, asked.weight, item.is_there AND item.is_valid AS is_good, item.item,
           CASE WHEN NOT item.is_there THEN CASE WHEN asked.is_must THEN 'missing' ELSE 'absent' END
                WHEN item.is_valid THEN
                    CASE WHEN item.item = 'credential_until' AND item.credential_until <= %(soon)s THEN 'expiring' END
                WHEN item.item = 'record' THEN 'stale'
                WHEN item.item = 'credential_until' THEN 'expired'
                ELSE 'invalid' END AS flaw
    FROM item JOIN asked ON asked.party_type = item.party_type AND asked.lines = item.lines AND asked.item = item.item
),
judged AS MATERIALIZED (
    SELECT id AS customer_id,
           round(100.0 * coalesce(sum(weight) FILTER (WHERE is_good), 0) / greatest(sum(weight), 1))::smallint AS score,
           coalesce(array_agg(flaw || '.' || item ORDER BY weight DESC, item) FILTER (WHERE flaw IS NOT NULL), '{}')::varchar[] AS gaps,
           coalesce(array_agg(DISTINCT flaw ORDER BY flaw) FILTER (WHERE flaw IS NOT NULL), '{}')::varchar[] AS flaws,
           coalesce(max(as_of), %(today)s) AS as_of
    FROM found GROUP BY id
),
gone AS (
    DELETE FROM quality_customerquality stored
    WHERE stored.customer_id {whom} AND NOT EXISTS (SELECT FROM judged WHERE judged.customer_id = stored.customer_id)
),
written AS (
    INSERT INTO quality_customerquality AS stored (
        customer_id, score, gaps, flaws, as_of, note_id, noted_at, nationality, occupation, credential_until, is_lifelong
    )
    SELECT judged.customer_id, judged.score, judged.gaps, judged.flaws, judged.as_of, noted.note_id, noted.made_at,
           coalesce(noted.nationality, ''), coalesce(noted.occupation, ''), noted.credential_until,
           coalesce(noted.is_lifelong, false)
    FROM judged LEFT JOIN noted ON noted.holder_id = judged.customer_id
    ON CONFLICT (customer_id) DO UPDATE
    SET score = excluded.score, gaps = excluded.gaps, flaws = excluded.flaws, as_of = excluded.as_of,
        note_id = excluded.note_id, noted_at = excluded.noted_at, nationality = excluded.nationality,
        occupation = excluded.occupation, credential_until = excluded.credential_until, is_lifelong = excluded.is_lifelong
    WHERE (stored.score, stored.gaps, stored.as_of, stored.note_id)
          IS DISTINCT FROM (excluded.score, excluded.gaps, excluded.as_of, excluded.note_id)
)
SELECT count(*) FROM judged
