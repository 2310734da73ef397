"""What the customer room lends to the pages of the organisation: how many customers a unit has."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.db import connection
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy

from hongyan.org.codes import Level, Right
from hongyan.org.figures import Figure, lend
from hongyan.org.models import Place
from hongyan.ui.lists import Count

CAP = 1000

# One condition a level: each is one range of one index of the list rows; see `queries.ranges`.
_CONDITIONS = {
    Level.GROUP: "listed.first_in_group",
    Level.PROVINCE: "listed.province_no = place.lo AND listed.first_in_province",
    Level.CITY: "listed.city_no = place.lo AND listed.first_in_city",
    Level.COUNTY: "listed.county_no = place.lo AND listed.first_in_county",
    Level.OUTLET: "listed.org_no BETWEEN place.lo AND place.hi",
    Level.SEGMENT: "listed.org_no BETWEEN place.lo AND place.hi",
}
_CAPPED_COUNTS = """
SELECT place.id, counted.number
FROM org_place AS place
CROSS JOIN LATERAL (
    SELECT count(*) AS number
    FROM (SELECT FROM customer_listrow AS listed WHERE {condition} LIMIT %(limit)s) AS capped
) AS counted
WHERE place.id = ANY (%(places)s)
"""


def count_customers(places: Sequence[Place]) -> list[Count]:
    """The customers of each place with everything beneath it, counted up to 1,000; one query a level."""
    found: dict[int, int] = {}
    for level, group in groupby(sorted(places, key=lambda place: place.level), key=lambda place: place.level):
        statement = _CAPPED_COUNTS.format(condition=_CONDITIONS[Level(level)])
        with connection.cursor() as cursor:
            cursor.execute(statement, {"limit": CAP + 1, "places": [place.pk for place in group]})
            found.update(cursor.fetchall())
    return [Count(min(found[place.pk], CAP), is_capped=found[place.pk] > CAP) for place in places]


def customers_of(unit_code: str) -> str:
    """The address of a unit's customers."""
    return f"{reverse('customer:list')}?{urlencode({'unit': unit_code})}"


lend(
    Figure(
        "customers", pgettext_lazy("机构上的数字", "客户"), Right.CUSTOMER_READ, count_customers, customers_of
    )
)
