-- Purpose: after a reorganisation, give the projections the new numbers; facts and audit are untouched (DESIGN 3).
-- Grain: one pair (old, new) per unit that moved. The numbers of ancestors on list rows follow from the place.
-- The numbers are parts of keys, and one unit may take the number another is about to leave: so everything moves
-- to negative numbers first, and from there to its place.
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
SELECT * FROM unnest(%(old)s::bigint[], %(new)s::bigint[]) AS moved(old_no, new_no);

UPDATE customer_customerscope scope SET org_no = -moved.new_no FROM moved WHERE scope.org_no = moved.old_no;
UPDATE customer_customerscope SET org_no = -org_no WHERE org_no < 0;

UPDATE customer_searchtoken token SET org_no = -moved.new_no FROM moved WHERE token.org_no = moved.old_no;
UPDATE customer_searchtoken SET org_no = -org_no WHERE org_no < 0;

UPDATE customer_listrow list SET org_no = -moved.new_no FROM moved WHERE list.org_no = moved.old_no;
UPDATE customer_listrow SET org_no = -org_no WHERE org_no < 0;
UPDATE customer_listrow list
SET province_no = place.province_no, city_no = place.city_no, county_no = place.county_no
FROM org_place place
WHERE place.lo = list.org_no
  AND (place.province_no, place.city_no, place.county_no) IS DISTINCT FROM (list.province_no, list.city_no, list.county_no);

DROP TABLE moved;
