"""How much managers and units look after (管户负荷): counts per line, caps, pools (REQUIREMENTS 5.4, screen 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hongyan.core import scope
from hongyan.customer.queries.ranges import Span, UnitChoice
from hongyan.org.codes import Level, Viewer
from hongyan.org.models import Place, Post
from hongyan.org.queries.staff import posts_in_scope
from hongyan.ownership.queries.people import (
    count_customers,
    lines_of,
    manager_posts,
    managers,
)


@dataclass(frozen=True, slots=True)
class ManagerLoad:
    """What somebody looks after at a unit, per line; `present` of `cap` in all. None cap: no manager any more."""

    staff_no: str
    name: str
    unit_code: str
    unit_name: str
    lines: Mapping[str, int]
    present: int
    cap: int | None


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """What a unit with everything beneath it looks after: by managers, and in the pool."""

    code: str
    name: str
    managed: int
    pool: int
    managers: int


@dataclass(frozen=True, slots=True)
class Load:
    """The load of a county or outlet by manager, of anything above by the units directly beneath."""

    managers: Sequence[ManagerLoad]
    units: Sequence[UnitLoad]


def load_of(viewer: Viewer, unit: UnitChoice | None) -> Load:
    """The load of the viewer's unit, or of one beneath it. Six queries at most.

    The counts are read past the walls for the units of the scope; a number is no personal data.
    """
    span = unit.span if unit else Span(viewer.level, viewer.scope.lo, viewer.scope.hi)
    if viewer.scope.everything and unit is None:
        root = Place.objects.get(unit_id=viewer.unit_id, tree=viewer.tree)
        span = Span(Level.GROUP, root.lo, root.hi)
    lines = sorted(lines_of(viewer))
    posts = posts_in_scope(viewer).filter(manager_posts(), place__lo__range=(span.lo, span.hi))
    is_near = span.level >= Level.COUNTY
    posted = list(posts.select_related("staff").order_by("place__lo", "-is_primary", "id")) if is_near else []
    with scope.counting():
        units = _by_unit(span, lines)
        loads = _by_manager(span, lines, posted) if is_near else []
    return Load(loads, units)


_MANAGERS = """
SELECT owner.manager_id, staff.staff_no, staff.name, unit.code, coalesce(nullif(unit.short_name, ''), unit.name),
       owner.line, count(*)
FROM customer_ownership owner
JOIN org_staff staff ON staff.id = owner.manager_id
JOIN org_unit unit ON unit.id = owner.unit_id
WHERE owner.until IS NULL AND NOT owner.gives_way AND owner.manager_id IS NOT NULL AND owner.line = ANY(%(lines)s)
  AND owner.unit_id IN (SELECT unit_id FROM org_place WHERE lo BETWEEN %(lo)s AND %(hi)s)
GROUP BY 1, 2, 3, 4, 5, 6
"""
_UNITS = """
SELECT unit.code, coalesce(nullif(unit.short_name, ''), unit.name),
       coalesce(sum(counted.customers) FILTER (WHERE counted.is_managed), 0)::bigint,
       coalesce(sum(counted.customers) FILTER (WHERE NOT counted.is_managed), 0)::bigint,
       coalesce(sum(counted.managers), 0)::bigint
FROM org_place child
JOIN org_unit unit ON unit.id = child.unit_id
LEFT JOIN LATERAL (
    SELECT owner.manager_id IS NOT NULL AS is_managed, count(*) AS customers,
           count(DISTINCT owner.manager_id) AS managers
    FROM customer_ownership owner
    WHERE owner.until IS NULL AND NOT owner.gives_way AND owner.line = ANY(%(lines)s)
      AND owner.unit_id IN (SELECT unit_id FROM org_place WHERE lo BETWEEN child.lo AND child.hi)
    GROUP BY 1
) counted ON true
WHERE child.parent_id = (SELECT id FROM org_place WHERE lo = %(lo)s) OR (child.lo = %(lo)s AND %(is_lowest)s)
GROUP BY child.lo, unit.id
ORDER BY child.lo
"""


def _by_unit(span: Span, lines: Sequence[str]) -> list[UnitLoad]:
    asked: dict[str, Any] = {"lo": span.lo, "lines": list(lines), "is_lowest": span.level >= Level.OUTLET}
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, asked)
        return [UnitLoad(*row) for row in cursor.fetchall()]


def _by_manager(span: Span, lines: Sequence[str], posts: Sequence[Post]) -> list[ManagerLoad]:
    """Everybody who has customers there, and the managers who have none, by unit; whoever is none any more first."""
    with connection.cursor() as cursor:
        cursor.execute(_MANAGERS, {"lo": span.lo, "hi": span.hi, "lines": list(lines)})
        rows = cursor.fetchall()
    present = count_customers({row[0] for row in rows} | {post.staff_id for post in posts})
    posted = {one.staff.pk: one for one in managers(posts, count=lambda _ids: present)}
    units = {post.place.unit_id: post.place.unit for post in posts}
    found: dict[tuple[int, str, str, str, str], dict[str, int]] = defaultdict(dict)
    for *who, line, count in rows:
        found[tuple(who)][line] = count
    with_customers = {who[0] for who in found}
    for one in posted.values():
        if one.staff.pk not in with_customers:
            unit = units[one.unit_id]
            found[one.staff.pk, one.staff.staff_no, one.staff.name, unit.code, str(unit)] = {}
    loads = [
        ManagerLoad(
            staff_no=staff_no,
            name=name,
            unit_code=unit_code,
            unit_name=unit_name,
            lines=counts,
            present=present.get(staff_id, 0),
            cap=posted[staff_id].cap if staff_id in posted else None,
        )
        for (staff_id, staff_no, name, unit_code, unit_name), counts in found.items()
    ]
    return sorted(loads, key=lambda one: (one.unit_code, one.cap is not None, -one.present, one.staff_no))
