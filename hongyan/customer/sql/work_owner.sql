-- Purpose: who looks after whom now, per line, with the number of the unit where the customer is seen for it: to whom
--          what the rules find to do belongs.
-- Grain: customer and line with an owner; staff_id is null in a pool.
-- Index: ownership_one_current, customer_scope's key.
SELECT coalesce(customer.survivor_id, customer.id) AS customer_id, owner.line, seen.org_no, owner.manager_id AS staff_id
FROM customer_ownership owner
JOIN customer_customer customer ON customer.id = owner.customer_id
JOIN customer_customerscope seen
  ON seen.customer_id = coalesce(customer.survivor_id, customer.id) AND seen.line = owner.line AND NOT seen.is_assisting
WHERE owner.until IS NULL AND NOT owner.gives_way
