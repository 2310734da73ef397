-- Purpose: customers of mail and express whose revenue falls, by the signals of loss (BIG-i05), with what went.
-- Grain: customer and month; with whoever owns the first of the two lines.
-- Index: none: every classified customer is read, once a night.
SELECT DISTINCT ON (class.customer_id)
       class.customer_id AS record_id, owner.line, to_char(%(today)s::date, 'YYYY-MM') AS period,
       CASE WHEN 'loss.year' = ANY(class.marks) THEN class.year_before ELSE class.month_year_ago - class.month END AS amount,
       %(last)s::date AS due_on,
       jsonb_build_object(
           'signal', CASE WHEN 'loss.year' = ANY(class.marks) THEN 'year'
                          WHEN 'loss.month' = ANY(class.marks) THEN 'month' ELSE 'early' END,
           'was', CASE WHEN 'loss.year' = ANY(class.marks) THEN class.year_before ELSE class.month_year_ago END,
           'now', CASE WHEN 'loss.year' = ANY(class.marks) THEN class.year ELSE class.month END
       ) AS facts,
       owner.org_no, owner.staff_id
FROM classes_customerclass class
JOIN ({owner}) owner ON owner.customer_id = class.customer_id AND owner.line IN ('01', '02')
WHERE class.marks && ARRAY['loss.year', 'loss.month', 'loss.early']::varchar[]
ORDER BY class.customer_id, owner.line
