-- Purpose: note whose score changes by time alone between the days of two runs: data that become stale, credentials that
--          come near their end or pass it.
-- Grain: customer.
-- Index: by as_of and credential_until.
INSERT INTO quality_qualitydue (customer_id)
SELECT customer_id FROM quality_customerquality WHERE as_of >= %(was_fresh_from)s AND as_of < %(fresh_from)s
UNION
SELECT customer_id FROM quality_customerquality
WHERE credential_until >= %(was)s AND credential_until < %(today)s
   OR credential_until > %(was_soon)s AND credential_until <= %(soon)s
