-- Purpose: one row per customer and line with the organisation number of the line's owner, and more of those who assist.
-- Grain: customer × line × number. `owned` is under whose code the owners stand: the customer itself, or one it was
-- merged with. The bank's line counts in the bank tree, the others in the postal one (X-06). With whom a customer is
-- shared, it stands under that person's own number, of no line.
-- Index: ownership_one_current (customer_id, line), assistant_customer, place_once_a_tree (unit_id, tree), share_customer.
INSERT INTO customer_customerscope (customer_id, line, org_no, is_assisting)
SELECT wanted.customer_id, keeper.line, place.lo, bool_and(keeper.is_assisting)
FROM unnest(%(customers)s::bigint[], %(owned)s::bigint[]) AS wanted(customer_id, owned_id)
CROSS JOIN LATERAL (
    SELECT unit_id, line, false AS is_assisting FROM customer_ownership
    WHERE customer_id = wanted.owned_id AND until IS NULL AND NOT gives_way
    UNION ALL
    SELECT unit_id, line, true FROM customer_assistant WHERE customer_id = wanted.owned_id AND is_present
    OFFSET 0
) keeper
JOIN LATERAL (
    SELECT lo
    FROM org_place
    WHERE unit_id = keeper.unit_id
    ORDER BY (tree = CASE keeper.line WHEN '03' THEN 'bank' ELSE 'postal' END) DESC
    LIMIT 1
) place ON true
GROUP BY wanted.customer_id, keeper.line, place.lo
UNION ALL
SELECT wanted.customer_id, '', %(personal)s + share.staff_id, true
FROM unnest(%(customers)s::bigint[], %(owned)s::bigint[]) AS wanted(customer_id, owned_id)
CROSS JOIN LATERAL (
    SELECT staff_id FROM customer_share WHERE customer_id = wanted.owned_id AND is_present OFFSET 0
) share
GROUP BY wanted.customer_id, share.staff_id
