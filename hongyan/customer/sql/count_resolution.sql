-- Purpose: how customers came about, per unit: by how many source records, by their least sure join, by system.
-- Grain: unit × party type × measure × key; unit 0 is the whole group. A customer counts once at each level.
-- Index: none; it reads all list rows and all present joins once, at night or when somebody asks.
WITH joined AS MATERIALIZED (
    SELECT customer_id, min(score) AS score FROM customer_link
    WHERE until IS NULL AND outcome = 'joined'
    GROUP BY customer_id
), list AS MATERIALIZED (
    SELECT list.*, joined.score FROM customer_listrow list LEFT JOIN joined USING (customer_id)
), level AS MATERIALIZED (
    SELECT 0 AS org_no, party_type, source_count, score, system_codes FROM list WHERE first_in_group
    UNION ALL
    SELECT province_no, party_type, source_count, score, system_codes FROM list
    WHERE first_in_province AND province_no <> 0
    UNION ALL
    SELECT city_no, party_type, source_count, score, system_codes FROM list
    WHERE first_in_city AND city_no <> 0
    UNION ALL
    SELECT county_no, party_type, source_count, score, system_codes FROM list
    WHERE first_in_county AND county_no <> 0
    UNION ALL
    SELECT org_no, party_type, source_count, score, system_codes FROM list
    WHERE org_no NOT IN (province_no, city_no, county_no)
)
INSERT INTO customer_resolutioncount (org_no, party_type, measure, key, count, counted_at)
SELECT org_no, party_type, 'sources', least(source_count, %(most)s)::text, count(*), %(now)s FROM level GROUP BY 1, 2, 4
UNION ALL
SELECT org_no, party_type, 'parties', '', sum(source_count), %(now)s FROM level GROUP BY 1, 2
UNION ALL
SELECT level.org_no, level.party_type, 'join', band.key, count(*), %(now)s
FROM level JOIN unnest(%(bands)s::text[], %(lows)s::int[], %(highs)s::int[]) AS band(key, low, high)
  ON level.score BETWEEN band.low AND band.high
GROUP BY 1, 2, 4
UNION ALL
SELECT level.org_no, level.party_type, 'system', system, count(*), %(now)s
FROM level CROSS JOIN unnest(string_to_array(level.system_codes, ',')) AS system
GROUP BY 1, 2, 4
UNION ALL
SELECT level.org_no, level.party_type, 'shared', system, count(*), %(now)s
FROM level CROSS JOIN unnest(string_to_array(level.system_codes, ',')) AS system
WHERE position(',' in level.system_codes) > 0
GROUP BY 1, 2, 4
