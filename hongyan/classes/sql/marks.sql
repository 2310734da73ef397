SELECT mark, class.customer_id
FROM classes_customerclass class CROSS JOIN unnest(class.marks) AS mark
WHERE class.customer_id {whom}
