-- Purpose: what list rows of survivors take from their aliases: the manager, open review cases, the former codes.
-- Grain: one list row of a survivor. `survivors` and `members` are pairs: each survivor with itself and each alias.
-- Index: customer_customerscope's key, ownership_one_current (customer_id, line), review_case_once (customer_id, candidate_id).
WITH pair AS MATERIALIZED (
    SELECT * FROM unnest(%(survivors)s::bigint[], %(members)s::bigint[]) AS pair(survivor_id, member_id)
), owner AS (
    SELECT DISTINCT ON (scope.customer_id, scope.org_no) scope.customer_id, scope.org_no, ownership.manager_id
    FROM pair
    JOIN customer_customerscope scope ON scope.customer_id = pair.survivor_id
    JOIN customer_ownership ownership ON ownership.customer_id = pair.member_id AND ownership.line = scope.line
     AND ownership.until IS NULL AND NOT ownership.gives_way
    ORDER BY scope.customer_id, scope.org_no, scope.line
), former AS (
    SELECT pair.survivor_id, string_agg(customer.code, ' ' ORDER BY customer.id) AS codes
    FROM pair JOIN customer_customer customer ON customer.id = pair.member_id
    WHERE pair.member_id <> pair.survivor_id
    GROUP BY pair.survivor_id
), waiting AS (
    SELECT pair.survivor_id FROM pair JOIN customer_reviewcase review ON review.customer_id = pair.member_id
    WHERE review.state = 'open'
    UNION
    SELECT pair.survivor_id FROM pair JOIN customer_reviewcase review ON review.candidate_id = pair.member_id
    WHERE review.state = 'open'
)
UPDATE customer_listrow list
SET manager_id = owner.manager_id, manager_name = coalesce(staff.name, ''), former_codes = former.codes,
    has_review = EXISTS (SELECT FROM waiting WHERE waiting.survivor_id = former.survivor_id)
FROM former
JOIN owner ON owner.customer_id = former.survivor_id
LEFT JOIN org_staff staff ON staff.id = owner.manager_id
WHERE list.customer_id = former.survivor_id AND list.org_no = owner.org_no
