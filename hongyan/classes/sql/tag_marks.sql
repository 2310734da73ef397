SELECT DISTINCT 'tag.' || tag.tag_id AS mark, coalesce(customer.survivor_id, customer.id) AS customer_id
FROM classes_customertag tag JOIN customer_customer customer ON customer.id = tag.customer_id
WHERE customer.id {whom} OR customer.survivor_id {whom}
