"""Units and their two trees, as far as the viewer may see: the own subtree, and the names of the units above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count as CountOf
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hongyan.core import clock
from hongyan.core.errors import NotFound
from hongyan.org.codes import Level, Tree, Viewer
from hongyan.org.figures import ShownFigure, shown_to
from hongyan.org.models import Place, Post
from hongyan.org.queries.viewers import is_current
from hongyan.ui.lists import Choice

LONGEST_SEARCH = 30
"""Units a search answers at most; more means the words were too few."""

OFFERED_DEPTH = 2
"""How many levels beneath the viewer's own unit a choice of units offers."""

_PARENTS = ["__".join(["parent"] * steps + ["unit"]) for steps in range(1, len(Level))]


@dataclass(frozen=True)
class Branch:
    """A unit in a tree with its numbers; `children` is None while the branch is closed."""

    place: Place
    staff_count: int
    figures: tuple[ShownFigure, ...]
    is_leaf: bool
    children: tuple[Branch, ...] | None = None

    @property
    def is_ended(self) -> bool:
        """Whether the unit's last day has passed."""
        ended = self.place.unit.valid_to
        return ended is not None and ended < clock.business_date()


@dataclass(frozen=True)
class FoundUnit:
    """A unit found by a search, with the names of the units above it, the topmost first."""

    place: Place
    above: tuple[str, ...]


# --- what the viewer sees


def visible_places(viewer: Viewer) -> QuerySet[Place]:
    """Places in the viewer's scope."""
    places = Place.objects.select_related("unit")
    if viewer.scope.everything:
        return places
    return places.filter(lo__gte=viewer.scope.lo, lo__lte=viewer.scope.hi)


def beneath(code: str, *, place: str = "") -> Q:
    """A unit and everything beneath it, in each tree it stands in; `place` leads from a row to its place. One query.

    Nothing for an unknown unit.
    """
    tops = Place.objects.filter(unit__code=code).values_list("lo", "hi")
    return reduce(or_, (Q(**{f"{place}lo__range": top}) for top in tops), Q(pk=None))


def visible_trees(viewer: Viewer) -> list[Tree]:
    """The trees the viewer sees anything of: the own one, or both from the top of the group."""
    return list(Tree) if viewer.scope.everything else [viewer.tree]


def find_place(viewer: Viewer, code: str, *, tree: Tree | None = None) -> Place:
    """A unit's place, in the viewer's own tree where it has one there. Errors: NotFound out of scope."""
    places = list(visible_places(viewer).filter(unit__code=code, **({"tree": tree} if tree else {})))
    if not places:
        raise NotFound("unit", code)
    return min(places, key=lambda place: place.tree != viewer.tree)


def places_of(viewer: Viewer, code: str) -> list[Place]:
    """The visible places of a unit with the units above each. Errors: NotFound when there is none."""
    places = list(visible_places(viewer).filter(unit__code=code).select_related(*_PARENTS).order_by("lo"))
    if not places:
        raise NotFound("unit", code)
    return places


def names_above(place: Place) -> tuple[str, ...]:
    """The names of the units above a place, the topmost first; its parents have to be loaded."""
    names: list[str] = []
    while place.parent:
        place = place.parent
        names.append(str(place.unit))
    return tuple(reversed(names))


# --- the tree


def top_of(viewer: Viewer, tree: Tree) -> Place | None:
    """Where the viewer's view of a tree begins: the own unit, or the tree's root; None for an empty tree."""
    return visible_places(viewer).filter(tree=tree).select_related(*_PARENTS).order_by("lo").first()


def opened_tree(viewer: Viewer, top: Place, *, upto: Place | None = None) -> Branch:
    """The tree from `top`, opened along the way to `upto`; the same number of queries at any depth."""
    way = Q(pk=top.pk)
    if upto:
        way |= Q(tree=top.tree, lo__lte=upto.lo, hi__gte=upto.lo)
    opened = list(visible_places(viewer).filter(way).order_by("lo"))
    children = _with_numbers(visible_places(viewer).filter(parent__in=opened))
    branches = _branches(viewer, [*_with_numbers(visible_places(viewer).filter(pk=top.pk)), *children])
    beneath: dict[int | None, list[Branch]] = defaultdict(list)
    for branch in branches[1:]:
        beneath[branch.place.parent_id].append(branch)
    return _grown(branches[0], beneath, {place.pk for place in opened})


def children_of(viewer: Viewer, place: Place) -> list[Branch]:
    """The closed branches right beneath a place."""
    return _branches(viewer, list(_with_numbers(visible_places(viewer).filter(parent=place))))


def figures_of(viewer: Viewer, places: Sequence[Place]) -> list[tuple[ShownFigure, ...]]:
    """The lent numbers of each place."""
    shown: list[list[ShownFigure]] = [[] for _place in places]
    for figure in shown_to(viewer):
        counts = figure.count(places)
        for row, place, count in zip(shown, places, counts, strict=True):
            row.append(ShownFigure(figure.label, count, figure.url(place.unit.code)))
    return [tuple(row) for row in shown]


def _with_numbers(places: QuerySet[Place]) -> QuerySet[Place]:
    """Places with `staff_count` (people in a current post at or beneath) and `is_leaf`, in the tree's order."""
    beneath = Post.objects.filter(
        is_current(clock.business_date()),
        place__lo__gte=OuterRef("lo"),
        place__lo__lte=OuterRef("hi"),
        staff__is_active=True,
    )
    people = (
        beneath.order_by()
        .annotate(one=Value(1))
        .values("one")
        .annotate(people=CountOf("staff", distinct=True))
    )
    return places.annotate(
        staff_count=Coalesce(Subquery(people.values("people"), output_field=IntegerField()), 0),
        is_leaf=~Exists(Place.objects.filter(parent=OuterRef("pk"))),
    ).order_by("lo")


def _branches(viewer: Viewer, places: Sequence[Place]) -> list[Branch]:
    return [
        Branch(place, place.staff_count, figures, place.is_leaf)  # type: ignore[attr-defined]
        for place, figures in zip(places, figures_of(viewer, places), strict=True)
    ]


def _grown(branch: Branch, beneath: dict[int | None, list[Branch]], opened: set[int]) -> Branch:
    if branch.place.pk not in opened or branch.is_leaf:
        return branch
    children = tuple(_grown(child, beneath, opened) for child in beneath[branch.place.pk])
    return Branch(branch.place, branch.staff_count, branch.figures, branch.is_leaf, children)


# --- finding and choosing units


def listed_places(viewer: Viewer) -> QuerySet[Place]:
    """Places in the viewer's scope with the unit above each, for a list."""
    return visible_places(viewer).select_related("parent__unit")


def unit_named(text: str) -> Q:
    """Places by a piece of their unit's name, its pinyin or initials, or the beginning of its code."""
    return (
        Q(unit__name__icontains=text)
        | Q(unit__short_name__icontains=text)
        | Q(unit__pinyin__contains=text.lower().replace(" ", ""))
        | Q(unit__code__istartswith=text)
    )


def find_units(viewer: Viewer, text: str, *, tree: Tree) -> list[FoundUnit]:
    """Units of a tree as `unit_named` finds them; at most 30."""
    places = visible_places(viewer).filter(unit_named(text), tree=tree)
    places = places.select_related(*_PARENTS).order_by("level", "lo")
    return [FoundUnit(place, names_above(place)) for place in places[:LONGEST_SEARCH]]


def unit_choice(viewer: Viewer, code: str) -> Choice | None:
    """A unit as an option of a filter, None out of scope."""
    place = visible_places(viewer).filter(unit__code=code).order_by("lo").first()
    return Choice(code, str(place.unit)) if place else None


def unit_choices(viewer: Viewer) -> list[Choice]:
    """The own unit and two levels beneath it, in the order of the tree, indented by depth."""
    places = (
        visible_places(viewer)
        .filter(tree=viewer.tree, level__lte=viewer.level + OFFERED_DEPTH)
        .order_by("lo")
    )
    return [Choice(place.unit.code, str(place.unit), depth) for place, depth in _with_depth(places)]


def _with_depth(places: Iterable[Place]) -> list[tuple[Place, int]]:
    """Each place with the number of places around it; the places come in the order of the tree."""
    open_ends: list[int] = []
    found = []
    for place in places:
        open_ends = [hi for hi in open_ends if hi >= place.lo]
        found.append((place, len(open_ends)))
        open_ends.append(place.hi)
    return found
