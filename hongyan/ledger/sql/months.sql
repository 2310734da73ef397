,
summed AS MATERIALIZED (
    SELECT coalesce(party_id, 0) AS party_id, date_trunc('month', business_date)::date AS month, product_id, unit_id,
           sum(entry) AS items, {measures}
    FROM booked
    WHERE entry <> 0
    GROUP BY 1, 2, 3, 4
),
of_parties AS (
    INSERT INTO ledger_monthlyfact AS kept (party_id, month, product_id, unit_id, items, quantity, weight_g, revenue, inflow, outflow)
    SELECT party_id, month, product_id, unit_id, items, quantity, weight_g, revenue, inflow, outflow FROM summed
    ON CONFLICT (party_id, month, product_id, unit_id) DO UPDATE
    SET items = kept.items + excluded.items, quantity = kept.quantity + excluded.quantity,
        weight_g = kept.weight_g + excluded.weight_g, revenue = kept.revenue + excluded.revenue,
        inflow = kept.inflow + excluded.inflow, outflow = kept.outflow + excluded.outflow
),
of_units AS (
    INSERT INTO ledger_unitmonth AS kept (unit_id, month, product_id, kind, items, quantity, weight_g, revenue, inflow, outflow)
    SELECT unit_id, month, product_id, %(kind)s, sum(items), sum(quantity), sum(weight_g), sum(revenue), sum(inflow), sum(outflow)
    FROM summed
    GROUP BY 1, 2, 3
    ON CONFLICT (unit_id, month, product_id, kind) DO UPDATE
    SET items = kept.items + excluded.items, quantity = kept.quantity + excluded.quantity,
        weight_g = kept.weight_g + excluded.weight_g, revenue = kept.revenue + excluded.revenue,
        inflow = kept.inflow + excluded.inflow, outflow = kept.outflow + excluded.outflow
)
