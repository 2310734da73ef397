-- Purpose: what the customer list shows and sorts by, once per customer and owning outlet.
-- Grain: customer × organisation number. The first_in_* columns pick one row per customer at each level.
-- Index: every join goes from the given customers outward by key (LATERAL … OFFSET 0 keeps the planner to it): during
-- a first load the tables have no statistics, and a plan that reads a whole table per chunk makes the load quadratic.
INSERT INTO customer_listrow (
    customer_id, org_no, province_no, city_no, county_no,
    first_in_county, first_in_city, first_in_province, first_in_group,
    sort_key, code, name, party_type, kind, status, line_codes, system_codes, source_count,
    credential_masked, mobile_masked, division, unit_name, manager_id, manager_name, has_review, created_at, updated_at, is_assisting
)
SELECT customer.id, place.lo, place.province_no, place.city_no, place.county_no,
       owner.position = 1 OR NOT place.county_no = ANY (owner.counties[:owner.position - 1]),
       owner.position = 1 OR NOT place.city_no = ANY (owner.cities[:owner.position - 1]),
       owner.position = 1 OR NOT place.province_no = ANY (owner.provinces[:owner.position - 1]),
       owner.position = 1,
       customer.sort_key, customer.code, customer.name, customer.party_type, relation.kind, customer.status,
       relation.line_codes, relation.system_codes, relation.source_count,
       customer.credential_masked, customer.mobile_masked, customer.division,
       coalesce(nullif(unit.short_name, ''), unit.name), ownership.manager_id, coalesce(staff.name, ''),
       EXISTS (SELECT 1 FROM customer_reviewcase review WHERE review.state = 'open' AND review.customer_id = customer.id)
       OR EXISTS (SELECT 1 FROM customer_reviewcase review WHERE review.state = 'open' AND review.candidate_id = customer.id),
       customer.created_at, customer.updated_at, owner.is_assisting
FROM unnest(%(customers)s::bigint[]) AS wanted(id)
CROSS JOIN LATERAL (SELECT * FROM customer_customer WHERE id = wanted.id OFFSET 0) customer
CROSS JOIN LATERAL (
    SELECT (array_agg(relationship.kind
                      ORDER BY array_position(ARRAY['A', 'B', 'C', 'F', 'R', 'P']::varchar[], relationship.kind)))[1] AS kind,
           string_agg(DISTINCT relationship.line, ',') AS line_codes,
           string_agg(DISTINCT party.system, ',') AS system_codes,
           count(*) AS source_count
    FROM customer_relationship relationship
    JOIN customer_sourceparty party ON party.id = relationship.party_id
    WHERE relationship.customer_id = wanted.id
) relation
CROSS JOIN LATERAL (
    -- Owners in the order of their lines, then those who assist; two lines may share one owner, which counts once.
    SELECT owners.numbers[position] AS org_no, owners.lines[position] AS line, position,
           owners.assisting[position] AS is_assisting, owners.counties, owners.cities, owners.provinces
    FROM (
        SELECT array_agg(org_no ORDER BY rank) AS numbers, array_agg(line ORDER BY rank) AS lines,
               array_agg(is_assisting ORDER BY rank) AS assisting,
               array_agg(county_no ORDER BY rank) AS counties, array_agg(city_no ORDER BY rank) AS cities,
               array_agg(province_no ORDER BY rank) AS provinces
        FROM (
            SELECT scope.org_no, min(scope.line) AS line, bool_and(scope.is_assisting) AS is_assisting,
                   min(place.county_no) AS county_no, min(place.city_no) AS city_no,
                   min(place.province_no) AS province_no,
                   row_number() OVER (ORDER BY bool_and(scope.is_assisting), min(scope.line), scope.org_no) AS rank
            FROM customer_customerscope scope
            JOIN org_place place ON place.lo = scope.org_no
            WHERE scope.customer_id = wanted.id
            GROUP BY scope.org_no
        ) distinct_owners
    ) owners,
    generate_subscripts(owners.numbers, 1) AS position
) owner
CROSS JOIN LATERAL (SELECT * FROM org_place WHERE lo = owner.org_no OFFSET 0) place
CROSS JOIN LATERAL (SELECT * FROM org_unit WHERE id = place.unit_id OFFSET 0) unit
LEFT JOIN LATERAL (
    -- None where the owner stands under an alias: see project_merged_rows.sql.
    SELECT manager_id FROM customer_ownership
    WHERE customer_id = wanted.id AND line = owner.line AND until IS NULL AND NOT gives_way
    OFFSET 0
) ownership ON true
LEFT JOIN LATERAL (SELECT name FROM org_staff WHERE id = ownership.manager_id OFFSET 0) staff ON true
