-- Purpose: whose birthday is near: of persons, and of contact persons that were written down. 29 February is kept on
--          the 28th of other years.
-- Grain: customer, year, and whether it is the customer's own or a contact's; with whoever owns the first line.
-- Index: none: every customer and contact is read, once a night.
WITH day AS (
    SELECT day::date AS day, to_char(day, 'MM-DD') AS said FROM generate_series(%(today)s, %(last)s, interval '1 day') day
    UNION
    SELECT day::date, '02-29' FROM generate_series(%(today)s, %(last)s, interval '1 day') day
    WHERE to_char(day, 'MM-DD') = '02-28' AND to_char(day + interval '1 day', 'MM-DD') <> '02-29'
),
born AS (
    SELECT customer.id AS customer_id, day.day, false AS is_contact
    FROM customer_customer customer JOIN day ON day.said = to_char(customer.birth_date, 'MM-DD')
    WHERE customer.party_type = 'P' AND customer.status = 'active' AND customer.survivor_id IS NULL
    UNION
    SELECT party.customer_id, day.day, true
    FROM customer_sourcerecord record
    JOIN day ON day.said = right(record.fields ->> 'birthday', 5)
    JOIN customer_sourceparty party ON party.id = record.party_id
    WHERE starts_with(record.part, 'contact/') AND record.is_current
)
SELECT DISTINCT ON (born.customer_id, born.is_contact)
       born.customer_id AS record_id, owner.line,
       to_char(born.day, 'YYYY') || CASE WHEN born.is_contact THEN 'c' ELSE '' END AS period,
       NULL::numeric AS amount, born.day AS due_on, jsonb_build_object('contact', born.is_contact) AS facts,
       owner.org_no, owner.staff_id
FROM born JOIN ({owner}) owner ON owner.customer_id = born.customer_id
ORDER BY born.customer_id, born.is_contact, owner.staff_id IS NULL, owner.line
