-- Purpose: note whoever a run has to look at besides those noted already: whom the entries of some deliveries name, and
--          those whose time since registration passes a limit between the days of two runs.
-- Grain: customer.
-- Index: (delivery_id, row) of the entries, partition by partition; classes are read once.
INSERT INTO classes_classdue (customer_id)
SELECT DISTINCT party.customer_id
FROM (
    SELECT party_id FROM ledger_transaction
    WHERE delivery_id = ANY(%(deliveries)s) AND business_date >= %(oldest)s
    UNION ALL
    SELECT party_id FROM ledger_mailitem
    WHERE delivery_id = ANY(%(deliveries)s) AND business_date >= %(oldest)s
) entry
JOIN customer_sourceparty party ON party.id = entry.party_id
WHERE party.customer_id IS NOT NULL
UNION ALL
SELECT customer_id FROM classes_customerclass
WHERE registered_on > %(new_before)s AND registered_on <= %(new_after)s
   OR registered_on > %(void_before)s AND registered_on <= %(void_until)s
