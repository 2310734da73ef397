-- Purpose: customers with files (licences, contracts, copies of papers) that end soon, or have (PSB-i05, KGX-i01).
-- Grain: customer and last day; with whoever owns the first line.
-- Index: file_until.
SELECT DISTINCT ON (ending.customer_id, ending.valid_until)
       ending.customer_id AS record_id, owner.line, to_char(ending.valid_until, 'YYYY-MM-DD') AS period,
       NULL::numeric AS amount, ending.valid_until AS due_on,
       jsonb_build_object('files', ending.files, 'category', ending.category) AS facts, owner.org_no, owner.staff_id
FROM (
    SELECT coalesce(customer.survivor_id, customer.id) AS customer_id, file.valid_until, count(*) AS files,
           min(file.category) AS category
    FROM desk_recordfile file
    JOIN customer_customer customer ON customer.id = file.record_id
    WHERE file.kind = 'customer' AND file.is_current AND file.removed_at IS NULL AND file.valid_until <= %(last)s
    GROUP BY 1, 2
) ending
JOIN ({owner}) owner ON owner.customer_id = ending.customer_id
ORDER BY ending.customer_id, ending.valid_until, owner.staff_id IS NULL, owner.line
