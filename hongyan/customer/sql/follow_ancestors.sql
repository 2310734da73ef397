-- Purpose: after a reorganisation, give list rows the new numbers of the units above theirs.
-- Grain: one list row of a unit that was numbered anew or stands beneath one that was; its own number is right already.
-- Index: list_outlet (org_no, sort_key, customer_id).
UPDATE customer_listrow list
SET province_no = place.province_no, city_no = place.city_no, county_no = place.county_no
FROM org_place place
WHERE place.lo = list.org_no
  AND list.org_no = ANY(%(numbers)s)
  AND (place.province_no, place.city_no, place.county_no) IS DISTINCT FROM (list.province_no, list.city_no, list.county_no)
