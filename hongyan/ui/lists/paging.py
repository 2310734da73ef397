"""Paging by key: the next page starts after the last row seen, so page 10,000 costs as little as
page 2.

A cursor is base64 of the JSON list of a row's sort values and key. It is opaque to callers but not
secret: changing it moves the reader inside the rows that the queryset allows anyway.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _

Row = TypeVar("Row")
Fetched = TypeVar("Fetched", covariant=True)
Position = tuple[Any, ...]


class BadCursor(ValueError):
    """A cursor that was cut, altered, or made for another order."""


class Where(Protocol):
    """Where in a list the reader is: after one cursor, before one, or (both empty) at the start."""

    @property
    def after(self) -> str: ...
    @property
    def before(self) -> str: ...


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows with the cursors of its neighbours; None where there is no neighbour.

    ``problem`` is a sentence for the reader when the asked position could not be used; ``notice`` is what a page
    says, which then shows its first rows.
    """

    rows: Sequence[Row]
    next_cursor: str | None
    previous_cursor: str | None
    problem: str = ""

    @property
    def notice(self) -> str:
        return _("{problem}已回到第一页。").format(problem=self.problem) if self.problem else ""


class Fetch(Protocol[Fetched]):
    """Reads at most ``limit`` rows beyond ``position`` (None: from the end one starts at).

    Forward answers rows in the list's order; backward answers the nearest row first, that is in reverse.
    Errors: BadCursor when the position is not of this list.
    """

    def __call__(self, position: list[Any] | None, limit: int, *, backward: bool) -> Sequence[Fetched]: ...


class _Exact(DjangoJSONEncoder):
    """Instants to the microsecond: Django's own encoder cuts them to milliseconds, and a cut cursor
    skips rows.
    """

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def encode_cursor(position: Sequence[Any]) -> str:
    """
    >>> decode_cursor(encode_cursor(["王", None, 7]))
    ['王', None, 7]
    """
    packed = json.dumps(list(position), cls=_Exact, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[Any]:
    """Errors: BadCursor when it is not one of ours."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor(cursor) from None
    if not isinstance(position, list):
        raise BadCursor(cursor)
    return position


def paginate_by(
    fetch: Fetch[Row], where: Where, *, position_of: Callable[[Row], Sequence[Any]], size: int = 50
) -> Page[Row]:
    """The page at ``where`` of any source that can read beyond a position."""
    try:
        if where.before:
            return _page_before(fetch, where.before, position_of=position_of, size=size)
        return _page_after(fetch, where.after, position_of=position_of, size=size)
    except BadCursor:
        page = _page_after(fetch, "", position_of=position_of, size=size)
        problem = _("这一页的位置已经失效。")
        return Page(page.rows, page.next_cursor, page.previous_cursor, problem)


def _page_after(
    fetch: Fetch[Row], cursor: str, *, position_of: Callable[[Row], Sequence[Any]], size: int
) -> Page[Row]:
    found = fetch(decode_cursor(cursor) if cursor else None, size + 1, backward=False)
    rows = found[:size]
    return Page(
        rows=rows,
        next_cursor=encode_cursor(position_of(rows[-1])) if len(found) > size else None,
        previous_cursor=encode_cursor(position_of(rows[0])) if cursor and rows else None,
    )


def _page_before(
    fetch: Fetch[Row], cursor: str, *, position_of: Callable[[Row], Sequence[Any]], size: int
) -> Page[Row]:
    found = fetch(decode_cursor(cursor), size + 1, backward=True)
    if len(found) < size:
        # Rows went away in front of the reader: the first page whole is better than a stump of it.
        return _page_after(fetch, "", position_of=position_of, size=size)
    rows = list(found[:size])[::-1]
    return Page(
        rows=rows,
        next_cursor=encode_cursor(position_of(rows[-1])),
        previous_cursor=encode_cursor(position_of(rows[0])) if len(found) > size else None,
    )


def paginate(
    queryset: QuerySet[Any],
    where: Where,
    sort_fields: Sequence[str],
    *,
    descending: bool = False,
    size: int = 50,
) -> Page[Any]:
    """The page at ``where`` of a queryset ordered by ``sort_fields`` and its primary key.

    Works over models, annotations and ``values()``; nulls come last in both directions. An index
    over the fields and the key serves both directions; a descending order over nullable fields
    needs its own ``NULLS LAST`` index.
    """
    names = dict.fromkeys((*sort_fields, *_key_names(queryset.model)))
    keys = tuple(_sort_key(queryset, name, descending=descending) for name in names)

    def fetch(position: list[Any] | None, limit: int, *, backward: bool) -> list[Any]:
        ordered = queryset.order_by(*(key.order(backward=backward) for key in keys))
        if position is None:
            return list(ordered[:limit])
        return list(ordered.filter(_beyond(keys, _restored(keys, position), backward=backward))[:limit])

    return paginate_by(fetch, where, position_of=lambda row: [key.read(row) for key in keys], size=size)


def _key_names(model: type[Model]) -> Sequence[str]:
    """What tells two rows apart: the primary key, a composite one as its fields, which sort and compare singly."""
    fields = model._meta.pk_fields
    return ("pk",) if len(fields) == 1 else tuple(field.attname for field in fields)


@dataclass(frozen=True)
class _SortKey:
    name: str
    field: Field[Any, Any]
    nullable: bool
    descending: bool

    def order(self, *, backward: bool) -> OrderBy:
        descending = self.descending != backward
        nulls = {"nulls_first": True} if backward else {"nulls_last": True}
        return OrderBy(F(self.name), descending=descending, **(nulls if self.nullable else {}))

    def read(self, row: Any) -> Any:
        if isinstance(row, dict):
            return row.get(self.name, row.get(self.field.name))
        return reduce(lambda value, part: getattr(value, part, None), self.name.split(LOOKUP_SEP), row)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def past(self, value: Any, *, backward: bool) -> Q | None:
        """Rows strictly beyond the value in reading direction, None when there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backward else None
        beyond = Q(**{f"{self.name}__{'lt' if self.descending != backward else 'gt'}": value})
        if self.nullable and not backward:
            beyond |= Q(**{f"{self.name}__isnull": True})
        return beyond


def _sort_key(queryset: QuerySet[Any], name: str, *, descending: bool) -> _SortKey:
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return _SortKey(name, annotation.output_field, nullable=True, descending=descending)
    field, nullable = _model_field(queryset.model, name)
    return _SortKey(name, field, nullable=nullable, descending=descending)


def _model_field(model: type[Model], path: str) -> tuple[Field[Any, Any], bool]:
    """The field at the end of a look-up path, and whether any step of the path may be null."""
    nullable = False
    for part in path.split(LOOKUP_SEP):
        meta = model._meta
        field = meta.pk if part == "pk" else meta.get_field(part)
        if field is None:
            raise FieldDoesNotExist(path)
        nullable = nullable or field.null
        model = field.related_model or model
    return field, nullable  # type: ignore[return-value]  # a sort field is a column


def _restored(keys: Sequence[_SortKey], position: Sequence[Any]) -> Position:
    if len(position) != len(keys):
        raise BadCursor(position)
    try:
        values = tuple(_python_value(key, value) for key, value in zip(keys, position, strict=True))
    except (ValidationError, TypeError, ValueError, OverflowError):
        raise BadCursor(position) from None
    if any(value is None and not key.nullable for key, value in zip(keys, values, strict=True)):
        raise BadCursor(position)
    return values


def _python_value(key: _SortKey, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, (list, dict)) or (isinstance(value, str) and "\0" in value):
        raise BadCursor(value)
    if isinstance(value, str):
        value.encode()  # a lone surrogate, which JSON can write, is a ValueError here and a fault in the database
    restored = key.field.to_python(value)
    key.field.run_validators(restored)  # a number out of the column's range would be a database error
    return restored


def _beyond(keys: Sequence[_SortKey], values: Position, *, backward: bool) -> Q | Func:
    """The condition for rows strictly beyond ``values``; a row comparison where no null can disturb it."""
    if not any(key.nullable for key in keys):
        descending = keys[0].descending != backward
        return _RowComparison(keys, values, operator="<" if descending else ">")
    condition, ties = Q(pk__in=()), Q()
    for key, value in zip(keys, values, strict=True):
        past = key.past(value, backward=backward)
        if past is not None:
            condition |= ties & past
        ties &= key.same(value)
    return condition


class _RowComparison(Func):
    """``(a, b, id) > (x, y, 7)``: one index range scan, where the usual OR of ANDs reads every tie again."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, keys: Sequence[_SortKey], values: Position, *, operator: str) -> None:
        columns = [F(key.name) for key in keys]
        super().__init__(
            *columns, *(Value(v, output_field=k.field) for k, v in zip(keys, values, strict=True))
        )
        self.operator = operator

    def as_sql(  # type: ignore[override]
        self, compiler: Any, _connection: Any, **_extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        sql = [fragment for fragment, _params in compiled]
        half = len(sql) // 2
        params = tuple(param for _sql, fragment_params in compiled for param in fragment_params)
        return f"({', '.join(sql[:half])}) {self.operator} ({', '.join(sql[half:])})", params
