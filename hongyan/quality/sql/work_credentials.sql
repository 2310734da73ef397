-- Purpose: persons whose credential expires soon, or has: the bank may not go on serving them (PSB-i05).
-- Grain: customer and last day; with whoever owns the first line, the bank's before others.
-- Index: customer_quality_until.
SELECT DISTINCT ON (quality.customer_id)
       quality.customer_id AS record_id, owner.line, to_char(quality.credential_until, 'YYYY-MM-DD') AS period,
       NULL::numeric AS amount, quality.credential_until AS due_on, '{}'::jsonb AS facts, owner.org_no, owner.staff_id
FROM quality_customerquality quality
JOIN ({owner}) owner ON owner.customer_id = quality.customer_id
WHERE quality.credential_until <= %(last)s
ORDER BY quality.customer_id, owner.line <> '03', owner.staff_id IS NULL, owner.line
