-- Purpose: one row per customer and line with the organisation number of the line's owner.
-- Grain: customer × line. `owned` is under whose code the owners stand: the customer itself, or one it was merged with.
-- The bank's line counts in the bank tree, the others in the postal one (X-06).
-- Index: ownership_one_current (customer_id, line), place_once_a_tree (unit_id, tree).
INSERT INTO customer_customerscope (customer_id, line, org_no)
SELECT wanted.customer_id, ownership.line, place.lo
FROM unnest(%(customers)s::bigint[], %(owned)s::bigint[]) AS wanted(customer_id, owned_id)
CROSS JOIN LATERAL (
    SELECT unit_id, line FROM customer_ownership
    WHERE customer_id = wanted.owned_id AND until IS NULL AND NOT gives_way
    OFFSET 0
) ownership
JOIN LATERAL (
    SELECT lo
    FROM org_place
    WHERE unit_id = ownership.unit_id
    ORDER BY (tree = CASE ownership.line WHEN '03' THEN 'bank' ELSE 'postal' END) DESC
    LIMIT 1
) place ON true
