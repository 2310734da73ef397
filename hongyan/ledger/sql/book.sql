-- Purpose: book the block's rows as entries +1 (0 for rows that void) unless their version is there already, add them to
--          the monthly sums, keep which days belong to one fact, and say what became of each row.
-- Grain: one entry per system, number, business day and version.
-- Index: the primary key, whose first column is the number, through LATERAL: with stale statistics the planner would
--        otherwise hash a whole partition a block. Units and products are few and joined as they are.
-- Slots: see actions/book.py.
WITH judged AS MATERIALIZED (
    SELECT fact.row, fact.counted, fact.twin, {select}, {sums}
           {original_date} AS original_date, greatest(known.top, fact.earlier) AS top,
           coalesce(known.is_there, false) AS is_there,
           CASE WHEN known.is_there THEN NOT known.is_equal ELSE fact.twin = 3 END AS is_refused
    FROM fact
    {joins}
    LEFT JOIN LATERAL (
        SELECT max(old.version) AS top,
               bool_or(old.version = fact.version) AS is_there,
               bool_or(old.version = fact.version AND old.entry = 1 - fact.void
                       AND ROW({old_content}) IS NOT DISTINCT FROM ROW({new_content})) AS is_equal
        FROM {table} old
        WHERE {identity} AND old.business_date = fact.business_date AND old.entry >= 0
    ) known ON true
),
booked AS (
    INSERT INTO {table} ({columns}, row)
    SELECT {columns}, row FROM judged
    WHERE NOT is_there AND twin < 2
      AND (counted OR row NOT IN (SELECT row FROM judged WHERE counted AND is_refused))
    RETURNING *
),
noted AS (
    INSERT INTO touched ({touched}, business_date, version, row)
    SELECT {touched}, business_date, version, row FROM judged
    WHERE original_date IS NOT NULL OR NOT is_there AND (top IS NOT NULL OR twin > 0)
){moves}{months}
SELECT CASE WHEN is_refused THEN 'conflict'
            WHEN is_there OR twin = 2 THEN 'unchanged'
            WHEN version < top THEN 'stale'
            WHEN top IS NULL AND original_date IS NULL THEN 'new'
            ELSE 'corrected' END AS outcome,
       count(*), array_agg(row){totals}
FROM judged
WHERE counted
GROUP BY outcome
