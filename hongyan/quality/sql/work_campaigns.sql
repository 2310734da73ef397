-- Purpose: customers whose data a running campaign asks for.
-- Grain: customer and campaign; with whoever had the task when it began.
-- Index: campaign_task_once.
SELECT coalesce(customer.survivor_id, customer.id) AS record_id, '' AS line, 'C' || campaign.id AS period,
       NULL::numeric AS amount, campaign.due_on, jsonb_build_object('name', campaign.name) AS facts,
       min(task.org_no) AS org_no, min(task.manager_id) AS staff_id
FROM quality_campaign campaign
JOIN quality_campaigntask task ON task.campaign_id = campaign.id
JOIN customer_customer customer ON customer.id = task.customer_id
WHERE campaign.state = 'running' AND task.state = 'open'
GROUP BY coalesce(customer.survivor_id, customer.id), campaign.id
