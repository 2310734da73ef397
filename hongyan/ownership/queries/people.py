"""Managers, what they look after, and how much more they can take (客户经理与负荷)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, Q

from hongyan.core import clock, scope
from hongyan.core.parameters import values_by_chain
from hongyan.customer.rules.ownership import MANAGERS
from hongyan.org.codes import Line, Role, Tree, Viewer
from hongyan.org.models import Place, Post, Staff
from hongyan.org.queries.staff import posts_in_scope
from hongyan.org.queries.viewers import USABLE, is_current
from hongyan.ownership.parameters import FULL_TIME_CAP, PART_TIME_CAP
from hongyan.ownership.rules import Range, room_left


@dataclass(frozen=True, slots=True)
class Manager:
    """Somebody who looks after customers, in one post: for its lines, at a unit, up to a cap.

    `present` is how many customers they have now, wherever.
    """

    staff: Staff
    unit_id: int
    unit_name: str
    at: Range
    lines: frozenset[str]
    cap: int
    present: int

    @property
    def room(self) -> int:
        """How many customers they can still take."""
        return room_left(self.cap, self.present)


def lines_of(viewer: Viewer) -> frozenset[str]:
    """The lines whose owners a viewer sees and changes: those of the post; all for a post without lines."""
    return frozenset(viewer.line_codes or Line.values)


def tree_of(line: str) -> Tree:
    """The tree in which a line's units are counted (X-06)."""
    return Tree.BANK if line == Line.BANK else Tree.POSTAL


def manager_posts(line: str = "") -> Q:
    """Current posts of managers with an open account, for one line or any."""
    posts = USABLE & is_current(clock.business_date()) & Q(role__in=[role.value for role in MANAGERS])
    return posts & (Q(line_codes=[]) | Q(line_codes__contains=[line])) if line else posts


def managers_in_scope(viewer: Viewer, *, line: str = "", leaving: Staff | None = None) -> list[Manager]:
    """Managers whose post lies in the viewer's scope, by unit and name, each once. Four queries.

    Somebody `leaving` hands over to colleagues of their county; they themselves are left out.
    """
    posts = posts_in_scope(viewer).filter(manager_posts(line))
    if leaving is not None:
        counties = Place.objects.filter(posts__staff=leaving, county_no__gt=0)
        near = Q(place__county_no__in=counties.values("county_no")) | ~Q(Exists(counties))
        posts = posts.exclude(staff=leaving).filter(near)
    return managers(posts.select_related("staff").order_by("place__lo", "staff__pinyin", "-is_primary", "id"))


def managers(
    posts: Iterable[Post], *, count: Callable[[Collection[int]], dict[int, int]] | None = None
) -> list[Manager]:
    """The managers of some posts; of somebody with several, the first counts. Three queries; `count` brings its own."""
    first: dict[int, Post] = {}
    for post in posts:
        first.setdefault(post.staff_id, post)
    chains = {tuple(post.place.chain) for post in first.values()}
    caps = values_by_chain(FULL_TIME_CAP, PART_TIME_CAP, chains=chains)
    present = (count or customers_of)(first)
    return [
        Manager(
            staff=post.staff,
            unit_id=post.place.unit_id,
            unit_name=str(post.place.unit),
            at=Range(post.place.lo, post.place.hi),
            lines=frozenset(post.line_codes or Line.values),
            cap=int(caps[tuple(post.place.chain)][0 if post.is_primary else 1]),
            present=present.get(staff_id, 0),
        )
        for staff_id, post in first.items()
    ]


def managers_by_id(staff_ids: Collection[int]) -> dict[int, Manager]:
    """Managers by their staff ids, in their main post as managers; who is none any more is left out. Four queries."""
    posts = Post.objects.filter(manager_posts(), staff_id__in=staff_ids).order_by("-is_primary", "id")
    found = managers(posts.select_related("staff", "place__unit"))
    return {one.staff.pk: one for one in found}


_CUSTOMERS = """
SELECT owner.manager_id, count(DISTINCT coalesce(customer.survivor_id, customer.id))
FROM customer_ownership owner JOIN customer_customer customer ON customer.id = owner.customer_id
WHERE owner.until IS NULL AND NOT owner.gives_way AND owner.manager_id = ANY(%s)
GROUP BY 1
"""


def customers_of(staff_ids: Collection[int]) -> dict[int, int]:
    """Staff id → how many customers they look after, in any line and wherever. One query.

    A cap counts all of them, in every scope; a number is no personal data.
    """
    with scope.counting():
        return count_customers(staff_ids)


def count_customers(staff_ids: Collection[int]) -> dict[int, int]:
    """The same inside `scope.bulk()` or `scope.counting()`."""
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [list(staff_ids)])
        return dict(cursor.fetchall())


def heads_over(org_no: int) -> list[str]:
    """Staff numbers of the heads of the outlet and county that a unit's number lies in."""
    posts = Post.objects.filter(
        USABLE,
        is_current(clock.business_date()),
        role__in=[Role.OUTLET_HEAD, Role.COUNTY_HEAD],
        place__lo__lte=org_no,
        place__hi__gte=org_no,
    )
    return sorted(set(posts.values_list("staff__staff_no", flat=True)))
