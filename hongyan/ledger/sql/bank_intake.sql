-- Purpose: the first day on which each of some customers' assets plus liabilities at the bank reached the threshold.
-- Grain: one row per customer who reached it; the day, and assets and liabilities as they stood then.
-- A balance holds until the holding's next one, so the total of a day is the sum of all changes up to it. Entries of one
-- day and version cancel out: what is left is the highest version, or nothing where it was voided.
-- Index: holding by party, the balances' primary key (holding first), balance_party for holdings nobody described yet.
-- LATERAL … OFFSET 0 keeps the planner to it: without statistics, on the first day, it would read whole tables a chunk.
WITH party AS MATERIALIZED (
    SELECT party.id, party.customer_id
    FROM unnest(%(customers)s::bigint[]) AS wanted(customer_id)
    CROSS JOIN LATERAL (
        SELECT id, customer_id FROM customer_sourceparty WHERE customer_id = wanted.customer_id OFFSET 0
    ) party
    WHERE EXISTS (SELECT FROM customer_relationship relation WHERE relation.party_id = party.id AND relation.line = '03')
),
held AS MATERIALIZED (
    SELECT holding.id, party.customer_id
    FROM party
    CROSS JOIN LATERAL (SELECT id FROM ledger_holding WHERE party_id = party.id OFFSET 0) holding
    UNION
    SELECT holding.id, party.customer_id
    FROM party
    CROSS JOIN LATERAL (SELECT DISTINCT holding_id FROM ledger_balance WHERE party_id = party.id OFFSET 0) named
    CROSS JOIN LATERAL (
        SELECT id FROM ledger_holding WHERE id = named.holding_id AND party_id IS NULL OFFSET 0
    ) holding
),
stated AS (
    SELECT held.customer_id, held.id AS holding_id, balance.kind, balance.business_date AS day,
           sum(balance.entry * balance.amount) AS amount
    FROM held
    CROSS JOIN LATERAL (SELECT * FROM ledger_balance WHERE holding_id = held.id OFFSET 0) balance
    WHERE balance.line = '03'
    GROUP BY 1, 2, 3, 4
    HAVING sum(balance.entry) > 0
),
changed AS (
    SELECT customer_id, kind, day,
           amount - lag(amount, 1, 0.00) OVER (PARTITION BY holding_id, kind ORDER BY day) AS change
    FROM stated
),
standing AS (
    SELECT customer_id, day,
           sum(sum(change) FILTER (WHERE kind = 'A')) OVER upward AS assets,
           sum(sum(change) FILTER (WHERE kind = 'L')) OVER upward AS liabilities
    FROM changed
    GROUP BY customer_id, day
    WINDOW upward AS (PARTITION BY customer_id ORDER BY day)
)
SELECT DISTINCT ON (customer_id) customer_id, day, coalesce(assets, 0.00), coalesce(liabilities, 0.00)
FROM standing
WHERE coalesce(assets, 0) + coalesce(liabilities, 0) >= %(threshold)s
ORDER BY customer_id, day
