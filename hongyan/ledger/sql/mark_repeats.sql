-- Purpose: within one block, tell rows of the same fact apart. `twin`: 1 the first row of its version, 2 a later row of
--          that version with the same content, 3 one with other content. Rows alone in their fact stay 0. `earlier`: the
--          highest version that the rows before it state.
-- Slots: fact_key — what identifies a fact within its day; content — everything that makes two versions equal.
WITH several AS (
    SELECT fact.ctid AS place, fact.row,
           count(*) OVER of_fact AS rows,
           max(fact.version) OVER (
               of_fact ORDER BY fact.row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS earlier,
           first_value(fact.ctid) OVER of_version AS first_place,
           first_value(ROW({content})) OVER of_version IS NOT DISTINCT FROM ROW({content}) AS is_equal
    FROM fact
    WINDOW of_fact AS (PARTITION BY {fact_key}, business_date),
           of_version AS (PARTITION BY {fact_key}, business_date, version ORDER BY fact.counted DESC, fact.row, fact.void)
)
UPDATE fact
SET twin = CASE WHEN several.place = several.first_place THEN 1 WHEN several.is_equal THEN 2 ELSE 3 END,
    earlier = several.earlier
FROM several
WHERE fact.ctid = several.place AND several.rows > 1
