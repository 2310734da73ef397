,
moved AS (
    INSERT INTO ledger_factmove (number, system, kind, business_date, other_date)
    SELECT DISTINCT judged.number, judged.system, %(kind)s, day.one, day.other
    FROM judged
    CROSS JOIN LATERAL (
        VALUES (judged.business_date, judged.original_date), (judged.original_date, judged.business_date)
    ) day (one, other)
    WHERE judged.original_date IS NOT NULL AND NOT judged.is_refused
    ON CONFLICT DO NOTHING
)
