
    UNION
    SELECT {day_key}, other.business_date, day.touched_on, day.version, day.row
    FROM day
    CROSS JOIN LATERAL (
        SELECT other_date AS business_date FROM ledger_factmove move
        WHERE move.number = day.number AND move.system = day.system AND move.kind = %(kind)s
          AND move.business_date = day.business_date
        OFFSET 0
    ) other
