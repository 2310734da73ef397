"""Golden records and projections, calculated anew for the customers something happened to.

Everything written here follows from source records, links, relationships and owners; it can be thrown away and
calculated again (`hongyan customers recalculate`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from hongyan.core.bulk import as_text, copy_lines, copy_rows, update_rows
from hongyan.customer.actions.mark_custom import mark_by_custom
from hongyan.customer.actions.prepare import Name, name_of
from hongyan.customer.codes import Gender, PartyType, Status
from hongyan.customer.freezes import frozen_among
from hongyan.customer.models import Customer, GoldenChange, SearchToken
from hongyan.customer.notices import tell_of_statuses
from hongyan.customer.projections import owner_numbers, project
from hongyan.customer.rules.code import code_for
from hongyan.customer.rules.custom import PREFIX
from hongyan.customer.rules.golden import NO_PINS, RULE_VERSION, Golden, View, golden
from hongyan.customer.stated import pins_of, source_ranks, stored_views_of

GOLDEN_COLUMNS = (
    "name", "short_name", "gender", "birth_date", "credential_type", "credential_masked", "mobile_masked",
    "landline_masked", "email_masked", "division", "address", "postcode", "legal_person", "industry", "scale",
)  # fmt: skip
_EMPTY: dict[str, Any] = {"gender": Gender.UNKNOWN.value, "birth_date": None}
Names = Mapping[tuple[str, str], Name]
"""(party type, name) → what follows from it, for names somebody has worked out already."""


def calculate(
    customers: Collection[int],
    *,
    fresh: Collection[int] = (),
    views: Mapping[int, list[View]] | None = None,
    names: Names | None = None,
    actor: str,
    now: datetime,
) -> None:
    """Calculate golden record, scope, list rows and search tokens of customers, inside the caller's transaction.

    `fresh` are customers without a row so far; `views` holds the current records of customers where the caller
    knows them. Changes of golden fields are kept in the history, except for fresh customers.
    """
    stored_views = stored_views_of(set(customers) - set(views or {}))
    pins = pins_of(set(customers) - set(fresh), now=now)
    ranks = source_ranks()
    results = {}
    for customer in sorted(customers):
        current = (views or {}).get(customer) or stored_views[customer]
        results[customer] = (current, golden(current, ranks, pins.get(customer, NO_PINS)))
    rows = {customer: _row(customer, *result, names or {}, now) for customer, result in results.items()}
    new = set(fresh)
    copy_rows(
        Customer,
        _COLUMNS,
        (tuple(row[column] for column in _COLUMNS) for key, row in rows.items() if key in new),
    )
    old = {key: row for key, row in rows.items() if key not in new}
    if old:
        for customer in frozen_among(list(old)):
            if old[customer]["status"] == Status.ACTIVE:  # whatever sources say, nobody uses it
                old[customer]["status"] = Status.FROZEN.value
        _update(old, actor, now)
    project(list(rows), replace=list(old))
    mark_by_custom(list(rows))
    _write_tokens(results, names or {}, replace=list(old))


def calculate_aliases(views: Mapping[int, list[View]], *, actor: str, now: datetime) -> None:
    """Calculate the golden records of aliases from what is said of them; they have no scope, rows or tokens of theirs.

    Inside the caller's transaction; changes are kept in the history.
    """
    pins = pins_of(views, now=now)
    ranks = source_ranks()
    rows = {
        alias: _row(alias, said, golden(said, ranks, pins.get(alias, NO_PINS)), {}, now)
        | {"status": Status.MERGED.value}
        for alias, said in sorted(views.items())
    }
    _update(rows, actor, now)


_COLUMNS = (
    "id", "code", "party_type", "status", "name_key", "sort_key", *GOLDEN_COLUMNS, "custom", "lineage", "rule_version",
    "version", "created_at", "updated_at",
)  # fmt: skip


def _row(customer: int, views: list[View], result: Golden, names: Names, now: datetime) -> dict[str, Any]:
    party_type = views[0].party_type
    name = _name(party_type, result.values["name"], names)
    return {
        **{column: result.values.get(column, _EMPTY.get(column, "")) for column in GOLDEN_COLUMNS},
        "id": customer,
        "code": code_for(customer),
        "party_type": party_type,
        "status": _status([view.status for view in views]),
        "name_key": name.key,
        "sort_key": name.sort_key,
        "custom": orjson.dumps(
            {
                name.removeprefix(PREFIX): value
                for name, value in result.values.items()
                if name.startswith(PREFIX)
            },
            option=orjson.OPT_SORT_KEYS,
        ).decode(),
        "lineage": orjson.dumps(result.lineage).decode(),
        "rule_version": RULE_VERSION,
        "version": 1,
        "created_at": now.isoformat(),
        "updated_at": now.isoformat(),
    }


def _name(party_type: str, text: str, names: Names) -> Name:
    return names.get((party_type, text)) or name_of(PartyType(party_type), text)


_MILDEST_FIRST = {Status.ACTIVE.value: 0, Status.FROZEN.value: 1, Status.DEREGISTERED.value: 2}


def _status(statuses: list[str]) -> str:
    """Active while any source keeps the customer active; else the mildest of what they say.

    A correction by hand says nothing of it: it stands in no line.
    """
    return min(filter(None, statuses), key=_MILDEST_FIRST.__getitem__, default=Status.ACTIVE.value)


_COMPARED = (*GOLDEN_COLUMNS, "party_type", "status", "name_key", "sort_key")


def _update(rows: dict[int, dict[str, Any]], actor: str, now: datetime) -> None:
    """Write changed golden records and their history; a record that comes out the same is left alone."""
    changes: list[tuple[Any, ...]] = []
    altered_rows: list[tuple[Any, ...]] = []
    stored = Customer.objects.select_for_update().filter(id__in=rows)
    read = stored.values_list("id", "version", "lineage", "custom", *_COMPARED)
    for customer, version, lineage, custom, *values in read:
        row = rows[customer]
        sources = orjson.loads(row["lineage"])
        before = dict(zip(_COMPARED, map(_text, values), strict=True))
        altered = [column for column in _COMPARED if before[column] != _text(row[column])]
        own = _own_changes(custom, orjson.loads(row["custom"]))
        if not altered and not own and sources == lineage:
            continue
        changes += [
            (customer, now, name, was[:300], becomes[:300], sources.get(name, [None])[0], actor)
            for name, was, becomes in own
        ]
        changes += [
            (
                customer,
                now,
                column,
                before[column][:300],
                _text(row[column])[:300],
                sources.get(column, [None])[0],
                actor,
            )
            for column in altered
            if column in GOLDEN_COLUMNS or column == "status"
        ]
        altered_rows.append(
            (
                customer,
                *(row[column] for column in _COMPARED),
                row["custom"],
                row["lineage"],
                version + 1,
                now,
            )
        )
    update_rows(Customer, "id", (*_COMPARED, "custom", "lineage", "version", "updated_at"), altered_rows)
    columns = ("customer_id", "at", "field", "before", "after", "record_id", "actor")
    copy_rows(GoldenChange, columns, changes)
    tell_of_statuses({change[0]: change[4] for change in changes if change[2] == "status"}, by=actor)


def _own_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(field, before, after) of those that the house defined, as far as they differ."""
    return [
        (f"{PREFIX}{code}", before.get(code, ""), after.get(code, ""))
        for code in sorted(before.keys() | after.keys())
        if before.get(code, "") != after.get(code, "")
    ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_tokens(
    results: Mapping[int, tuple[list[View], Golden]], names: Names, *, replace: list[int]
) -> None:
    if replace:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM customer_searchtoken WHERE customer_id = ANY(%s)", [replace])
    numbers = owner_numbers(list(results))
    # In the order of the key, whose tree then takes neighbours together: a fifth less work for the database.
    lines = sorted(_token_lines(results, names, numbers))
    copy_lines(SearchToken, ("token", "org_no", "customer_id"), lines)


def _token_lines(
    results: Mapping[int, tuple[list[View], Golden]], names: Names, numbers: Mapping[int, list[int]]
) -> Iterator[str]:
    for customer, (views, _) in results.items():
        spellings = {(view.party_type, view.fields["name"]) for view in views}
        # Every source's spelling finds the customer, not only the golden one.
        tokens = {token for spelling in spellings for token in _name(*spelling, names).tokens}
        pieces = [as_text((token,)) for token in tokens]
        for org_no in numbers.get(customer, ()):
            for piece in pieces:
                yield f"{piece}\t{org_no}\t{customer}"
