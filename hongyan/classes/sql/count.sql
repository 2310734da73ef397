-- Purpose: how many customers are in each class, per unit with everything beneath it: the rows a list would show.
-- Grain: unit × mark; unit 0 is the whole group. A customer counts once at each level.
-- Index: none; it reads all list rows and all classes once, at the end of a run.
WITH list AS MATERIALIZED (
    SELECT list.*, class.marks
    FROM customer_listrow list JOIN classes_customerclass class USING (customer_id)
), level AS (
    SELECT 0 AS org_no, marks FROM list WHERE first_in_group
    UNION ALL
    SELECT province_no, marks FROM list WHERE first_in_province AND province_no <> 0
    UNION ALL
    SELECT city_no, marks FROM list WHERE first_in_city AND city_no <> 0
    UNION ALL
    SELECT county_no, marks FROM list WHERE first_in_county AND county_no <> 0
    UNION ALL
    SELECT org_no, marks FROM list WHERE org_no NOT IN (province_no, city_no, county_no)
), together AS MATERIALIZED (
    SELECT org_no, marks, count(*) AS count FROM level GROUP BY 1, 2
)
INSERT INTO classes_classcount (org_no, mark, count)
SELECT together.org_no, mark, sum(together.count)
FROM together CROSS JOIN unnest(together.marks) AS mark
GROUP BY 1, 2
