"""What the search box offers of the organisation: people, units, parameters, within the viewer's scope (搜索提示)."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.parameters import all_parameters
from hongyan.org.codes import Level, Right, Viewer
from hongyan.org.models import Place, Staff
from hongyan.org.queries.staff import find_by_text, staff_list
from hongyan.org.queries.tree import listed_places, unit_named
from hongyan.org.queries.viewers import post_label
from hongyan.ui.shell import Suggestion, SuggestionGroup


def found_staff(viewer: Viewer, text: str, most: int) -> list[SuggestionGroup]:
    """People by name, pinyin or number. Two queries."""
    if not viewer.may(Right.ORG_READ):
        return []
    staff = list(find_by_text(staff_list(viewer), text).order_by("-is_active", "pinyin", "id")[:most])
    more_url = f"{reverse('org:staff_list')}?{urlencode({'q': text})}" if len(staff) == most else ""
    return [SuggestionGroup(pgettext("搜索", "人员"), [suggested_staff(one) for one in staff], more_url)]


def found_units(viewer: Viewer, text: str, most: int) -> list[SuggestionGroup]:
    """Units by name, pinyin, initials or code, the higher first. One query."""
    if not viewer.may(Right.ORG_READ):
        return []
    # A unit that stands in both trees comes twice.
    places = listed_places(viewer).filter(unit_named(text)).order_by("level", "lo")[: 2 * most]
    units = list({place.unit_id: place for place in reversed(places)}.values())[::-1][:most]
    more_url = f"{reverse('org:unit_list')}?{urlencode({'q': text})}" if len(units) == most else ""
    return [SuggestionGroup(pgettext("搜索", "机构"), [suggested_unit(one) for one in units], more_url)]


def found_parameters(viewer: Viewer, text: str, most: int) -> list[SuggestionGroup]:
    """Parameters by a piece of what they are called; none for no text. No query."""
    if not (text and viewer.may(Right.PARAMETER_READ)):
        return []
    wanted = text.casefold()
    found = [
        Suggestion(str(one.label), reverse("org:parameter", args=[one.key]), one.key, "adjustments")
        for one in all_parameters()
        if wanted in str(one.label).casefold() or wanted in one.key
    ]
    return [SuggestionGroup(pgettext("搜索", "参数"), found[:most])]


def known_staff(viewer: Viewer, numbers: Sequence[str]) -> dict[str, Suggestion]:
    """Staff number → the person, of those in scope. Two queries, none for nobody."""
    if not (numbers and viewer.may(Right.ORG_READ)):
        return {}
    return {one.staff_no: suggested_staff(one) for one in staff_list(viewer).filter(staff_no__in=numbers)}


def known_units(viewer: Viewer, codes: Sequence[str]) -> dict[str, Suggestion]:
    """Code → the unit, of those in scope. One query, none for no code."""
    if not (codes and viewer.may(Right.ORG_READ)):
        return {}
    places = listed_places(viewer).filter(unit__code__in=codes)
    return {place.unit.code: suggested_unit(place) for place in places.order_by("-lo")}


def suggested_staff(staff: Staff) -> Suggestion:
    """Somebody as the search box shows them: number and post. `current_posts` has to be loaded."""
    posts = staff.current_posts  # type: ignore[attr-defined]
    post = post_label(posts[0].role, str(posts[0].place.unit)) if posts else ""
    state = "" if staff.is_active else _("已停用")
    detail = " · ".join(filter(None, (state, staff.staff_no, post)))
    url = reverse("org:staff", args=[staff.staff_no])
    return Suggestion(staff.name, url, detail, kind="staff", key=staff.staff_no)


def suggested_unit(place: Place) -> Suggestion:
    """A unit as the search box shows it: code, level, the unit above."""
    above = str(place.parent.unit) if place.parent else ""
    detail = " · ".join(filter(None, (place.unit.code, str(Level(place.level).label), above)))
    url = reverse("org:unit", args=[place.unit.code])
    return Suggestion(str(place.unit), url, detail, "building", kind="unit", key=place.unit.code)
