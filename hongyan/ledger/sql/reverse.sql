-- Purpose: give every version that a higher one replaces or voids its entry −1, once, and take it out of the sums. The
--          reversal is known since this delivery and bears the row that brought it about.
-- Grain: one entry −1 per entry +1 with a higher version of the same system, number and business day.
-- Index: the primary key through LATERAL, for the facts in `touched` only.
WITH booked AS (
    INSERT INTO {table} ({columns}, row)
    SELECT {reversed}, cause.row
    FROM (
        SELECT {touched}, business_date, (array_agg(row ORDER BY version DESC))[1] AS row
        FROM touched GROUP BY {touched}, business_date
    ) cause
    CROSS JOIN LATERAL (
        SELECT *, max(version) OVER () AS top FROM {table} entry
        WHERE {touched_identity} AND entry.business_date = cause.business_date AND entry.entry >= 0
        OFFSET 0
    ) old
    WHERE old.entry = 1 AND old.version < old.top
    ON CONFLICT DO NOTHING
    RETURNING *
){months}
SELECT count(*) FROM booked
