-- Purpose: the classes of the customers of one chunk, and who moved from one into another; `rules` says the same.
--          `{whom}` is a range of numbers, or the customers that are due.
-- Grain: customer who has a relationship in the lines or revenue in them within 24 months. Amounts in yuan.
-- Index: customer_sourceparty by customer and the key of ledger_monthlyfact, (party_id, month, …), partition by partition.
WITH sums AS MATERIALIZED (
    SELECT party.customer_id, min(fact.month) AS first_month,
           coalesce(sum(fact.revenue) FILTER (WHERE fact.month = %(month)s), 0) AS month,
           coalesce(sum(fact.revenue) FILTER (WHERE fact.month = %(month_year_ago)s), 0) AS month_year_ago,
           coalesce(sum(fact.revenue) FILTER (WHERE fact.month BETWEEN %(year_from)s AND %(month)s), 0) AS year,
           coalesce(sum(fact.revenue) FILTER (WHERE fact.month < %(year_from)s), 0) AS year_before,
           coalesce(sum(fact.revenue) FILTER (WHERE fact.month >= %(lately_from)s), 0) AS lately,
           coalesce(sum(fact.revenue) FILTER (WHERE fact.month > %(month)s), 0) AS running
    FROM customer_sourceparty party
    JOIN ledger_monthlyfact fact ON fact.party_id = party.id
    WHERE party.customer_id {whom}
      AND fact.month BETWEEN %(oldest)s AND %(newest)s AND fact.product_id = ANY(%(products)s::bigint[])
    GROUP BY party.customer_id
),
related AS MATERIALIZED (
    SELECT customer_id, min(least(signed_on, valid_from)) AS since
    FROM customer_relationship
    WHERE customer_id {whom} AND line = ANY(%(lines)s::text[])
    GROUP BY customer_id
),
figures AS (
    SELECT customer.id AS customer_id,
           least(related.since, sums.first_month, (customer.created_at AT TIME ZONE 'Asia/Shanghai')::date) AS registered_on,
           coalesce(sums.month, 0) AS month, coalesce(sums.month_year_ago, 0) AS month_year_ago,
           coalesce(sums.year, 0) AS year, coalesce(sums.year_before, 0) AS year_before,
           coalesce(sums.lately, 0) AS lately, coalesce(sums.running, 0) AS running
    FROM customer_customer customer
    LEFT JOIN related ON related.customer_id = customer.id
    LEFT JOIN sums ON sums.customer_id = customer.id
    WHERE customer.id {whom} AND customer.survivor_id IS NULL
      AND (related.customer_id IS NOT NULL OR sums.customer_id IS NOT NULL)
),
judged AS MATERIALIZED (
    SELECT figures.*,
           array_remove(ARRAY[
               CASE WHEN registered_on > %(new_after)s OR lately > 0 THEN 'activity.active' ELSE 'activity.dormant' END,
               CASE WHEN month >= %(high_month)s OR year >= %(high_year)s THEN 'worth.high' ELSE 'worth.low' END,
               CASE WHEN year > 0 OR running > 0 THEN 'validity.effective'
                    WHEN registered_on <= %(void_until)s THEN 'validity.void' ELSE 'validity.new' END,
               CASE WHEN year_before > 0 AND year <= 0 AND running <= 0 THEN 'loss.year'
                    WHEN month_year_ago <= 0 OR month >= month_year_ago THEN NULL
                    WHEN month <= 0 OR (month_year_ago - month) * 100 >= month_year_ago * %(month_percent)s THEN 'loss.month'
                    WHEN (month_year_ago - month) * 100 >= month_year_ago * %(early_percent)s
                         AND month_year_ago - month > %(early_yuan)s THEN 'loss.early'
                    ELSE 'loss.reduced' END
           ]::varchar[] || CASE WHEN month > 0 OR year > 0 THEN ARRAY(
               SELECT DISTINCT ON (tier.scheme) tier.mark
               FROM unnest(%(schemes)s::varchar[], %(bases)s::varchar[], %(floors)s::numeric[], %(marks)s::varchar[])
                    AS tier(scheme, basis, floor, mark)
               WHERE tier.floor <= CASE tier.basis WHEN 'month' THEN month ELSE year END
               ORDER BY tier.scheme, tier.floor DESC
           ) ELSE '{}' END, NULL) AS marks
    FROM figures
),
before AS MATERIALIZED (
    SELECT * FROM classes_customerclass WHERE customer_id {whom}
),
gone AS (
    DELETE FROM classes_customerclass stored
    WHERE stored.customer_id {whom}
      AND NOT EXISTS (SELECT FROM judged WHERE judged.customer_id = stored.customer_id)
),
written AS (
    INSERT INTO classes_customerclass (
        customer_id, since, registered_on, month, month_year_ago, year, year_before, lately, running, marks
    )
    SELECT judged.customer_id, %(as_of)s, judged.registered_on, judged.month, judged.month_year_ago, judged.year,
           judged.year_before, judged.lately, judged.running, judged.marks
    FROM judged LEFT JOIN before USING (customer_id)
    WHERE (judged.registered_on, judged.month, judged.month_year_ago, judged.year, judged.year_before, judged.lately,
           judged.running, judged.marks)
          IS DISTINCT FROM
          (before.registered_on, before.month, before.month_year_ago, before.year, before.year_before, before.lately,
           before.running, before.marks)
    ON CONFLICT (customer_id) DO UPDATE
    SET registered_on = excluded.registered_on, month = excluded.month, month_year_ago = excluded.month_year_ago,
        year = excluded.year, year_before = excluded.year_before, lately = excluded.lately, running = excluded.running,
        marks = excluded.marks
),
moved AS (
    INSERT INTO classes_classmove (run_id, customer_id, as_of, dimension, was, becomes, why, month, year)
    SELECT %(run)s, judged.customer_id, %(as_of)s, change.dimension, change.was, change.becomes,
           CASE WHEN (judged.month, judged.month_year_ago, judged.year, judged.year_before, judged.lately, judged.running)
                     IS DISTINCT FROM
                     (before.month, before.month_year_ago, before.year, before.year_before, before.lately, before.running)
                THEN %(why_business)s
                WHEN %(are_rules_new)s THEN %(why_rules)s ELSE %(why_time)s END,
           judged.month, judged.year
    FROM judged
    JOIN before USING (customer_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(old.dimension, new.dimension) AS dimension, coalesce(old.class, '') AS was,
               coalesce(new.class, '') AS becomes
        FROM (SELECT split_part(mark, '.', 1) AS dimension, split_part(mark, '.', 2) AS class
              FROM unnest(before.marks) AS mark) old
        FULL JOIN (SELECT split_part(mark, '.', 1) AS dimension, split_part(mark, '.', 2) AS class
                   FROM unnest(judged.marks) AS mark) new ON new.dimension = old.dimension
        WHERE old.class IS DISTINCT FROM new.class
    ) change
    WHERE judged.marks <> before.marks
    RETURNING 1
)
SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM moved)
