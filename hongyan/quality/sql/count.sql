-- Purpose: how the customers of each unit with everything beneath it stand this month.
-- Grain: unit × month; unit 0 is the whole group. A customer counts once at each level.
-- Index: none; it reads all list rows and all scores once, at the end of a run.
WITH list AS MATERIALIZED (
    SELECT list.org_no, list.province_no, list.city_no, list.county_no, list.first_in_group, list.first_in_province,
           list.first_in_city, list.first_in_county, quality.score, quality.flaws
    FROM customer_listrow list JOIN quality_customerquality quality USING (customer_id)
), level AS (
    SELECT 0 AS org_no, score, flaws FROM list WHERE first_in_group
    UNION ALL
    SELECT province_no, score, flaws FROM list WHERE first_in_province AND province_no <> 0
    UNION ALL
    SELECT city_no, score, flaws FROM list WHERE first_in_city AND city_no <> 0
    UNION ALL
    SELECT county_no, score, flaws FROM list WHERE first_in_county AND county_no <> 0
    UNION ALL
    SELECT org_no, score, flaws FROM list WHERE org_no NOT IN (province_no, city_no, county_no)
)
INSERT INTO quality_qualitycount (
    org_no, month, customers, points, sound, missing, invalid, expired, expiring, stale
)
SELECT org_no, %(month)s, count(*), sum(score),
       count(*) FILTER (WHERE NOT flaws && ARRAY['missing', 'invalid', 'expired', 'stale']::varchar[]),
       count(*) FILTER (WHERE 'missing' = ANY(flaws)), count(*) FILTER (WHERE 'invalid' = ANY(flaws)),
       count(*) FILTER (WHERE 'expired' = ANY(flaws)), count(*) FILTER (WHERE 'expiring' = ANY(flaws)),
       count(*) FILTER (WHERE 'stale' = ANY(flaws))
FROM level GROUP BY org_no
