-- Purpose: agreements that end soon, with the revenue of twelve months that hangs on them.
-- Grain: customer, line and last day; of several agreements that end that day, one.
-- Index: none: every relationship is read, once a night.
SELECT DISTINCT ON (owner.customer_id, owner.line, relation.valid_to)
       owner.customer_id AS record_id, owner.line, to_char(relation.valid_to, 'YYYY-MM-DD') AS period,
       CASE WHEN owner.line IN ('01', '02') THEN class.year END AS amount, relation.valid_to AS due_on,
       jsonb_build_object('line', owner.line) AS facts, owner.org_no, owner.staff_id
FROM customer_relationship relation
JOIN customer_customer customer ON customer.id = relation.customer_id
JOIN ({owner}) owner
  ON owner.customer_id = coalesce(customer.survivor_id, customer.id) AND owner.line = relation.line
LEFT JOIN classes_customerclass class ON class.customer_id = owner.customer_id
WHERE relation.valid_to BETWEEN %(today)s AND %(last)s AND relation.kind IN ('A', 'B') AND relation.status = 'active'
ORDER BY owner.customer_id, owner.line, relation.valid_to
