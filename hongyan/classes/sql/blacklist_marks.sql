SELECT DISTINCT 'blacklist.on' AS mark, coalesce(customer.survivor_id, customer.id) AS customer_id
FROM classes_blacklistentry entry JOIN customer_customer customer ON customer.id = entry.customer_id
WHERE entry.state = 'holds' AND entry.since <= %(today)s AND (entry.until IS NULL OR entry.until >= %(today)s)
  AND coalesce(customer.survivor_id, customer.id) BETWEEN %(first)s AND %(last)s
