-- Purpose: customers of the bank who reached the threshold of intake lately: somebody gets in touch while it is fresh.
-- Grain: customer and the day they reached it.
-- Index: ledger_bankintake by day.
SELECT owner.customer_id AS record_id, owner.line, to_char(intake.first_reached_on, 'YYYY-MM-DD') AS period,
       intake.assets + intake.liabilities AS amount, intake.first_reached_on + %(days)s AS due_on,
       jsonb_build_object('day', intake.first_reached_on, 'threshold', %(threshold)s::numeric) AS facts, owner.org_no, owner.staff_id
FROM ledger_bankintake intake
JOIN customer_customer customer ON customer.id = intake.customer_id
JOIN ({owner}) owner ON owner.customer_id = coalesce(customer.survivor_id, customer.id) AND owner.line = '03'
WHERE intake.first_reached_on BETWEEN %(today)s - %(days)s AND %(today)s
