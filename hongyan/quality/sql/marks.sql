SELECT 'quality.' || flaw AS mark, quality.customer_id
FROM quality_customerquality quality CROSS JOIN unnest(quality.flaws) AS flaw
WHERE quality.customer_id {whom}
