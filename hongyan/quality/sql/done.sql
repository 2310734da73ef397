-- Purpose: tasks of running campaigns end by themselves once all that is asked of the customer is there and valid.
-- Grain: task. `{whom}` as in score.sql, after it.
-- Index: tasks by customer.
UPDATE quality_campaigntask task
SET state = 'done', done_at = %(now)s
FROM quality_campaign campaign, quality_customerquality quality
WHERE campaign.id = task.campaign_id AND campaign.state = 'running' AND task.state = 'open'
  AND quality.customer_id = task.customer_id AND task.customer_id {whom}
  AND NOT EXISTS (SELECT FROM unnest(quality.gaps) AS gap WHERE split_part(gap, '.', 2) = ANY(campaign.items))
