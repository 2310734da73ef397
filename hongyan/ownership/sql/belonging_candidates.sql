-- Purpose: customers of the bank about whom the belonging rule has something to say: whoever has accounts at several
-- outlets, or at one that is not the outlet they belong to.
-- Grain: one row per customer of a range of ids; the present owner of the bank's line, and its unit.
-- Index: the customer's key, holding by party.
WITH party AS MATERIALIZED (
    SELECT party.id, party.customer_id FROM customer_sourceparty party
    WHERE party.customer_id BETWEEN %(first)s AND %(last)s
      AND EXISTS (SELECT FROM customer_relationship own WHERE own.party_id = party.id AND own.line = '03')
),
held AS (
    SELECT party.customer_id, array_agg(DISTINCT holding.unit_id) AS units
    FROM party
    CROSS JOIN LATERAL (
        SELECT unit_id FROM ledger_holding
        WHERE party_id = party.id AND line = '03' AND unit_id IS NOT NULL
          AND coalesce(opened_on, %(to)s) <= %(to)s AND coalesce(closed_on, %(to)s) >= %(from)s
        OFFSET 0
    ) holding
    GROUP BY 1
)
SELECT held.customer_id, owner.id, owner.unit_id
FROM held
CROSS JOIN LATERAL (
    SELECT owner.id, owner.unit_id
    FROM customer_customer member
    JOIN customer_ownership owner ON owner.customer_id = member.id
    WHERE (member.id = held.customer_id OR member.survivor_id = held.customer_id)
      AND owner.line = '03' AND owner.until IS NULL AND NOT owner.gives_way
    LIMIT 1
) owner
WHERE held.units <> ARRAY[owner.unit_id]
ORDER BY 1
