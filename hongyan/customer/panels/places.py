"""Where a postcode is, and whether that fits the division (邮编与区划)."""

from __future__ import annotations

from django.utils.safestring import SafeString

from hongyan.org.codes import Agreement
from hongyan.org.queries.places import place_of_postcode
from hongyan.ui import cells


def postcode_cell(postcode: str, division: str) -> SafeString | str:
    """A postcode with the name of its place; one in another city than the division, or in no list, bears a mark.

    Without a list of postcodes just the postcode. One query, two for a postcode that is in no list.
    """
    place = place_of_postcode(postcode, division) if postcode else None
    if place is None:
        return postcode
    mark = cells.NOTHING
    if place.agreement is not Agreement.SAME:
        mark = cells.badge(place.agreement.label, "warn")
    return cells.filled("{} {} {}", cells.code(postcode), place.name, mark)
