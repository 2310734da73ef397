-- Purpose: open every product code of the block that the system has not used before; the connector may say which
--          product of ours it means, else it waits to be classified. A product is of one line: a code of another line
--          cannot mean it.
-- Grain: one row per new code.
INSERT INTO ledger_sourceproduct (system, code, name, line, first_seen_at, product_id)
SELECT %(system)s, fact.product_code, min(fact.product_name), %(line)s, %(known_at)s,
       (SELECT product.id FROM ledger_product product JOIN ledger_productfamily family ON family.code = product.family_id
        WHERE product.code = %(products)s::jsonb ->> fact.product_code AND family.line = %(line)s)
FROM fact
WHERE fact.product_code IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ledger_sourceproduct known WHERE known.system = %(system)s AND known.code = fact.product_code
)
GROUP BY fact.product_code
ON CONFLICT DO NOTHING
