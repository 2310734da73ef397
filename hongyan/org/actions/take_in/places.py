"""Divisions and postcodes as lists state them (行政区划、邮政编码).

A list adds its codes and what it calls them to what the standard says; it takes nothing away. Rows come in chunks, each
in one transaction of the caller; the end does not depend on how they are cut.
"""

from __future__ import annotations

from collections.abc import Sequence

from hongyan.org.actions.writing import BATCH_ROWS, insert
from hongyan.org.codes import Counts, DivisionLevel, DivisionRow, Match, PostcodeRow
from hongyan.org.models import Division, Postcode
from hongyan.org.rules.places import Gazetteer, NamedDivision, outer_codes, whole_code

_LISTED = ("listed_as", "listed_by")


def take_in_divisions(rows: Sequence[DivisionRow], *, system: str) -> Counts:
    """Note what a list calls each division; a code that is neither in the standard nor in an earlier list is new.

    `updated` are divisions whose name in the list is another than the last time, or that no list named yet.
    """
    counts = Counts()
    stated = {whole_code(row.code): row.name for row in rows}
    counts.unchanged = len(rows) - len(stated)
    outer = {code for one in stated for code in outer_codes(one)}
    known = Division.objects.in_bulk([*stated, *outer])
    opened, changed = [], []
    for code, name in sorted(stated.items()):
        division = known.get(code)
        if division is None:
            opened.append(
                _opened(code, name, system, next((one for one in outer_codes(code) if one in known), None))
            )
        elif (division.listed_as, division.listed_by) != (name, system):
            division.listed_as, division.listed_by = name, system
            changed.append(division)
        else:
            counts.unchanged += 1
    insert(Division, opened)
    Division.objects.bulk_update(changed, _LISTED, batch_size=BATCH_ROWS)
    counts.new, counts.updated = len(opened), len(changed)
    return counts


def take_in_postcodes(rows: Sequence[PostcodeRow], *, system: str) -> Counts:
    """Keep each postcode with the names of its place and the division these mean."""
    places = Gazetteer.of(_named_divisions())
    counts = Counts()
    stated = {(row.postcode, row.province, row.city, row.county): row for row in rows}
    counts.unchanged = len(rows) - len(stated)
    known = {
        (one.postcode, one.province, one.city, one.county): one
        for one in Postcode.objects.filter(postcode__in={row.postcode for row in rows})
    }
    opened, changed = [], []
    for place, row in stated.items():
        code, match = places.find(row.province, row.city, row.county)
        found = known.get(place)
        if found is None:
            opened.append(_postcode(row, code, Match(match), system))
        elif (found.division_id or "", found.match) != (code, match):
            found.division_id, found.match = code or None, match
            changed.append(found)
        else:
            counts.unchanged += 1
    insert(Postcode, opened)
    Postcode.objects.bulk_update(changed, ("division", "match"), batch_size=BATCH_ROWS)
    counts.new, counts.updated = len(opened), len(changed)
    return counts


def _opened(code: str, name: str, system: str, parent: str | None) -> Division:
    level = DivisionLevel.STREET if len(code) > len("130102") else _level(code)
    return Division(
        code=code,
        level=level,
        parent_id=parent,
        name=name,
        is_standard=False,
        listed_as=name,
        listed_by=system,
    )


def _level(code: str) -> DivisionLevel:
    if code.endswith("0000"):
        return DivisionLevel.PROVINCE
    return DivisionLevel.CITY if code.endswith("00") else DivisionLevel.COUNTY


def _postcode(row: PostcodeRow, code: str, match: Match, system: str) -> Postcode:
    return Postcode(
        postcode=row.postcode,
        province=row.province,
        city=row.city,
        county=row.county,
        division_id=code or None,
        match=match,
        listed_by=system,
    )


def _named_divisions() -> list[NamedDivision]:
    rows = Division.objects.filter(level__lt=DivisionLevel.STREET).values_list(
        "code", "name", "listed_as", "former_names", "is_standard", "until"
    )
    return [
        NamedDivision(
            code,
            tuple(dict.fromkeys(filter(None, [name, listed_as, *former.split()]))),
            not is_standard or until is None,
        )
        for code, name, listed_as, former, is_standard, until in rows
    ]
