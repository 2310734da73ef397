-- Purpose: deposits or policies (`kind`) that mature soon: money that stays or goes.
-- Grain: customer, line and day; the sum of what matures that day, in yuan, and of how many.
-- Index: holding_matures.
SELECT owner.customer_id AS record_id, owner.line, to_char(holding.matures_on, 'YYYY-MM-DD') AS period,
       sum(holding.amount) AS amount, holding.matures_on AS due_on, jsonb_build_object('count', count(*)) AS facts,
       owner.org_no, owner.staff_id
FROM ledger_holding holding
JOIN customer_sourceparty party ON party.id = holding.party_id
JOIN ({owner}) owner ON owner.customer_id = party.customer_id AND owner.line = holding.line
WHERE holding.status = 'open' AND holding.matures_on BETWEEN %(today)s AND %(last)s AND holding.kind = %(holding)s
  AND holding.currency = 'CNY'
GROUP BY owner.customer_id, owner.line, holding.matures_on, owner.org_no, owner.staff_id
