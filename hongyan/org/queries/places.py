"""Divisions and postcodes (行政区划与邮政编码): public, so there is no scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hongyan.org.codes import Agreement, DivisionLevel, Match
from hongyan.org.models import Division, Postcode
from hongyan.org.rules.places import agreement

Text = str | Promise

STANDINGS: Mapping[str, tuple[Text, Q]] = {
    "agreed": (
        pgettext_lazy("区划核对", "国标与名单一致"),
        Q(is_standard=True, until=None, listed_as=F("name")),
    ),
    "renamed": (
        pgettext_lazy("区划核对", "名称不同"),
        Q(is_standard=True, until=None) & ~Q(listed_as="") & ~Q(listed_as=F("name")),
    ),
    "unlisted": (pgettext_lazy("区划核对", "名单里没有"), Q(is_standard=True, until=None, listed_as="")),
    "abolished": (pgettext_lazy("区划核对", "已撤销，名单还有"), Q(until__isnull=False) & ~Q(listed_as="")),
    "past": (pgettext_lazy("区划核对", "已撤销"), Q(until__isnull=False, listed_as="")),
    "only_listed": (
        pgettext_lazy("区划核对", "国标里没有"),
        Q(is_standard=False, level__lt=DivisionLevel.STREET),
    ),
    "street": (pgettext_lazy("区划核对", "乡级，国标不列"), Q(level=DivisionLevel.STREET)),
}
"""How the standard and the last list fit together (key → words, condition): each division is in exactly one."""

_NO_PLACE = ("市辖区", "省直辖", "自治区直辖", "直辖县")
"""Names of what only groups the divisions beneath it."""
_AROUND = ("parent", "parent__parent", "parent__parent__parent")


def divisions() -> QuerySet[Division]:
    """All divisions with those around each, and how many postcodes are known to deliver there."""
    own = Postcode.objects.filter(division=OuterRef("pk")).values("division")
    counted = Subquery(own.annotate(rows=Count("id")).values("rows"))
    return Division.objects.select_related(*_AROUND).annotate(postcodes_known=Coalesce(counted, 0))


def postcodes() -> QuerySet[Postcode]:
    """All postcodes with the division each means."""
    return Postcode.objects.select_related("division", *(f"division__{one}" for one in _AROUND))


def find_division(code: str) -> Division | None:
    """One division with those around it, None for a code nobody knows. One query."""
    return Division.objects.select_related(*_AROUND).filter(code=code).first()


def full_name(division: Division) -> str:
    """The names from the province down to a division: 山东省 济南市 历下区. What is no place has no name (市辖区)."""
    names = [division.name]
    while division.parent is not None:
        division = division.parent
        if not division.name.startswith(_NO_PLACE):
            names.append(division.name)
    return " ".join(reversed(names))


@dataclass(frozen=True, slots=True)
class PlaceFindings:
    """What lists of places came to: divisions by standing, postcodes by match; standings nobody is in are left out."""

    divisions: Mapping[str, int]
    postcodes: Mapping[str, int]


def place_findings() -> PlaceFindings:
    """Counts over both tables. Two queries."""
    counted = Division.objects.aggregate(
        **{key: Count("code", filter=condition) for key, (_, condition) in STANDINGS.items()}
    )
    matches = dict(Postcode.objects.values_list("match").annotate(Count("id")))
    return PlaceFindings(
        divisions={key: counted[key] for key in STANDINGS if counted[key]},
        postcodes={match: matches[match] for match in Match if match in matches},
    )


@dataclass(frozen=True, slots=True)
class PlaceOfPostcode:
    """Where a postcode delivers, in the list's words, and whether that fits a division."""

    name: str
    agreement: Agreement


def place_of_postcode(postcode: str, division: str) -> PlaceOfPostcode | None:
    """What is known of a postcode beside a division's code ("" says nothing); None while no list of postcodes is in.

    One query: any other row tells that there is a list.
    """
    any_row = Subquery(Postcode.objects.values("id")[:1])
    found = list(Postcode.objects.filter(Q(postcode=postcode) | Q(id=any_row)).order_by("id"))
    if not found:
        return None
    rows = [row for row in found if row.postcode == postcode]
    codes = [row.division_id for row in rows if row.division_id]
    fits = Agreement(agreement(division, codes)) if division and codes else Agreement.SAME
    name = " ".join(dict.fromkeys((rows[0].province, rows[0].city, rows[0].county))) if rows else ""
    return PlaceOfPostcode(name, fits if rows else Agreement.UNKNOWN)
