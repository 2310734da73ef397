-- Purpose: what some customers' accounts at the bank stood at, added up over the days of a window: what the belonging
-- rule's daily averages are made of.
-- Grain: one row per account that was open in the window; sums of days in yuan; other currencies count as an account
-- without money. A balance holds until the account's next one; one of before the window counts from its first day.
-- Index: holding by party, the balances' primary key (holding first).
WITH party AS MATERIALIZED (
    SELECT party.id, party.customer_id
    FROM unnest(%(customers)s::bigint[]) AS wanted(customer_id)
    CROSS JOIN LATERAL (
        SELECT id, customer_id FROM customer_sourceparty WHERE customer_id = wanted.customer_id OFFSET 0
    ) party
    WHERE EXISTS (SELECT FROM customer_relationship own WHERE own.party_id = party.id AND own.line = '03')
),
held AS MATERIALIZED (
    SELECT party.customer_id, holding.*
    FROM party
    CROSS JOIN LATERAL (
        SELECT id, unit_id, number_masked, kind, opened_on, currency, system FROM ledger_holding
        WHERE party_id = party.id AND line = '03' AND unit_id IS NOT NULL
          AND coalesce(opened_on, %(to)s) <= %(to)s AND coalesce(closed_on, %(to)s) >= %(from)s
        OFFSET 0
    ) holding
),
stated AS (
    SELECT held.id AS holding_id, balance.kind, balance.business_date AS day,
           sum(balance.entry * balance.amount) AS amount
    FROM held
    CROSS JOIN LATERAL (SELECT * FROM ledger_balance WHERE holding_id = held.id OFFSET 0) balance
    WHERE balance.line = '03' AND balance.business_date <= %(to)s
      AND held.currency = 'CNY'
    GROUP BY 1, 2, 3
    HAVING sum(balance.entry) > 0
),
lasting AS (
    SELECT holding_id, kind, amount, greatest(day, %(from)s::date) AS since,
           lead(day, 1, %(to)s::date + 1) OVER (PARTITION BY holding_id, kind ORDER BY day) AS until
    FROM stated
),
summed AS (
    SELECT holding_id,
           coalesce(sum(amount * (until - since)) FILTER (WHERE kind = 'A'), 0) AS assets,
           coalesce(sum(amount * (until - since)) FILTER (WHERE kind = 'L'), 0) AS liabilities
    FROM lasting WHERE until > since
    GROUP BY 1
)
SELECT held.customer_id, held.id, held.unit_id, unit.code,
       coalesce(nullif(unit.short_name, ''), unit.name), held.number_masked, held.kind, held.opened_on, held.system,
       coalesce(summed.assets, 0), coalesce(summed.liabilities, 0)
FROM held
JOIN org_unit unit ON unit.id = held.unit_id
LEFT JOIN summed ON summed.holding_id = held.id
ORDER BY held.customer_id, unit.code, held.id
