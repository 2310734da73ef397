-- Purpose: one row per customer and line with the organisation number of the line's owner.
-- Grain: customer × line. The bank's line counts in the bank tree, the others in the postal one (X-06).
-- Index: ownership_one_current (customer_id, line), place_once_a_tree (unit_id, tree).
INSERT INTO customer_customerscope (customer_id, line, org_no)
SELECT ownership.customer_id, ownership.line, place.lo
FROM customer_ownership ownership
JOIN LATERAL (
    SELECT lo
    FROM org_place
    WHERE unit_id = ownership.unit_id
    ORDER BY (tree = CASE ownership.line WHEN '03' THEN 'bank' ELSE 'postal' END) DESC
    LIMIT 1
) place ON true
WHERE ownership.until IS NULL AND ownership.customer_id = ANY(%(customers)s)
