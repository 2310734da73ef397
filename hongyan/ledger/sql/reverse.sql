-- Purpose: give every version that a higher one replaces or voids its entry −1, once, and take it out of the sums. The
--          reversal is known since this delivery and bears the row that brought it about.
-- Grain: one entry −1 per entry +1 with a higher version of the same fact: system, number and business day, or any of
--        the days between which it moved. Of one version under several days the latest stands.
-- Index: the primary keys through LATERAL, for the facts in `touched` only.
-- Slots: other_days — sql/other_days.sql for kinds that move.
WITH RECURSIVE day AS (
    SELECT {touched}, business_date, business_date AS touched_on, max(version) AS version,
           (array_agg(row ORDER BY version DESC))[1] AS row
    FROM touched
    GROUP BY {touched}, business_date{other_days}
),
cause AS (
    SELECT {touched}, first_day, business_date, (array_agg(row ORDER BY version DESC))[1] AS row
    FROM (SELECT *, min(business_date) OVER (PARTITION BY {touched}, touched_on) AS first_day FROM day) days
    GROUP BY {touched}, first_day, business_date
),
booked AS (
    INSERT INTO {table} ({columns}, row)
    SELECT {reversed}, old.caused_by
    FROM (
        SELECT entry.*, cause.row AS caused_by, max(entry.version) OVER of_fact AS top,
               max(entry.business_date) FILTER (WHERE entry.entry = 1) OVER of_version AS latest
        FROM cause
        CROSS JOIN LATERAL (
            SELECT * FROM {table} entry
            WHERE {touched_identity} AND entry.business_date = cause.business_date AND entry.entry >= 0
            OFFSET 0
        ) entry
        WINDOW of_fact AS (PARTITION BY {entry_key}, cause.first_day),
               of_version AS (PARTITION BY {entry_key}, cause.first_day, entry.version)
    ) old
    WHERE old.entry = 1 AND (old.version < old.top OR old.business_date < old.latest)
    ON CONFLICT DO NOTHING
    RETURNING *
){months}
SELECT count(*) FROM booked
