-- Purpose: review cases as the stewards' queue lists them.
-- Grain: one row a case in which one of the given customers has a part, or a code that was merged into one of them;
-- what a merge took in is read through its survivor, but for a case that was merged itself: it stays what it was.
-- Index: the cases by customer and by candidate; scope and relationships by customer; places by number.
INSERT INTO customer_caserow (
    case_id, org_no, unit_name, party_type, code, name, other_code, other_name,
    score, rule, grounds, line_codes, agreements, worth, state, created_at
)
SELECT review.id, coalesce(home.org_no, 0), coalesce(nullif(unit.short_name, ''), unit.name, ''),
       one.party_type, one.code, one.name, other.code, other.name,
       review.score, coalesce(review.evidence ->> 'rule', ''), coalesce(',' || grounds.codes || ',', ''),
       business.line_codes, business.agreements,
       CASE WHEN business.agreements > 0 THEN 2 WHEN business.lines > 1 THEN 1 ELSE 0 END,
       review.state, review.created_at
FROM (
    SELECT review.id
    FROM (
        SELECT unnest(%(customers)s::bigint[]) AS id
        UNION
        SELECT id FROM customer_customer WHERE survivor_id = ANY(%(customers)s)
    ) concerned
    CROSS JOIN LATERAL (
        SELECT id FROM customer_reviewcase WHERE customer_id = concerned.id
        UNION ALL
        SELECT id FROM customer_reviewcase WHERE candidate_id = concerned.id
    ) review
    GROUP BY review.id
) wanted
CROSS JOIN LATERAL (SELECT * FROM customer_reviewcase WHERE id = wanted.id OFFSET 0) review
CROSS JOIN LATERAL (
    SELECT survivor.* FROM customer_customer written
    JOIN customer_customer survivor
      ON survivor.id = CASE WHEN review.state = 'merged' THEN written.id ELSE coalesce(written.survivor_id, written.id) END
    WHERE written.id = review.customer_id OFFSET 0
) one
CROSS JOIN LATERAL (
    SELECT survivor.* FROM customer_customer written
    JOIN customer_customer survivor
      ON survivor.id = CASE WHEN review.state = 'merged' THEN written.id ELSE coalesce(written.survivor_id, written.id) END
    WHERE written.id = review.candidate_id OFFSET 0
) other
CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(DISTINCT relationship.line, ','), '') AS line_codes,
           count(DISTINCT relationship.line) AS lines,
           count(*) FILTER (WHERE relationship.kind IN ('A', 'B')) AS agreements
    FROM customer_relationship relationship
    WHERE relationship.customer_id IN (one.id, other.id)
) business
LEFT JOIN LATERAL (
    SELECT string_agg(DISTINCT item ->> 'code', ',') AS codes
    FROM jsonb_array_elements(review.evidence -> 'evidence') item
    WHERE (item ->> 'weight')::float > 0 AND item ->> 'code' NOT IN ('prior', 'worth')
) grounds ON true
LEFT JOIN LATERAL (
    -- Every owner of the one with every owner of the other: the lowest unit above two of them is where both are seen.
    SELECT cover.org_no
    FROM customer_customerscope mine
    JOIN org_place here ON here.lo = mine.org_no
    JOIN customer_customerscope theirs ON theirs.customer_id = other.id
    JOIN org_place there ON there.lo = theirs.org_no AND there.tree = here.tree
    CROSS JOIN LATERAL (
        SELECT CASE WHEN here.lo = there.lo THEN 0
                    WHEN here.county_no = there.county_no AND here.county_no > 0 THEN 1
                    WHEN here.city_no = there.city_no AND here.city_no > 0 THEN 2
                    WHEN here.province_no = there.province_no AND here.province_no > 0 THEN 3
               END AS height,
               CASE WHEN here.lo = there.lo THEN here.lo
                    WHEN here.county_no = there.county_no AND here.county_no > 0 THEN here.county_no
                    WHEN here.city_no = there.city_no AND here.city_no > 0 THEN here.city_no
                    WHEN here.province_no = there.province_no AND here.province_no > 0 THEN here.province_no
               END AS org_no
    ) cover
    WHERE mine.customer_id = one.id AND NOT mine.is_assisting AND NOT theirs.is_assisting
    ORDER BY cover.height NULLS LAST, cover.org_no
    LIMIT 1
) home ON true
LEFT JOIN LATERAL (SELECT unit_id FROM org_place WHERE lo = home.org_no OFFSET 0) place ON true
LEFT JOIN LATERAL (SELECT * FROM org_unit WHERE id = place.unit_id OFFSET 0) unit ON true
ON CONFLICT (case_id) DO UPDATE SET
    org_no = CASE WHEN EXCLUDED.state = 'merged' THEN customer_caserow.org_no ELSE EXCLUDED.org_no END,
    unit_name = CASE WHEN EXCLUDED.state = 'merged' THEN customer_caserow.unit_name ELSE EXCLUDED.unit_name END,
    line_codes = CASE WHEN EXCLUDED.state = 'merged' THEN customer_caserow.line_codes ELSE EXCLUDED.line_codes END,
    agreements = CASE WHEN EXCLUDED.state = 'merged' THEN customer_caserow.agreements ELSE EXCLUDED.agreements END,
    worth = CASE WHEN EXCLUDED.state = 'merged' THEN customer_caserow.worth ELSE EXCLUDED.worth END,
    party_type = EXCLUDED.party_type, code = EXCLUDED.code, name = EXCLUDED.name,
    other_code = EXCLUDED.other_code, other_name = EXCLUDED.other_name,
    score = EXCLUDED.score, rule = EXCLUDED.rule, grounds = EXCLUDED.grounds,
    state = EXCLUDED.state, created_at = EXCLUDED.created_at
WHERE (customer_caserow.*) IS DISTINCT FROM (EXCLUDED.*)
