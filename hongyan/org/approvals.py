"""Kinds of things that take approval (审批事项), declared by the rooms that own them.

    approvals.register(approvals.Kind("export", gettext_lazy("导出"), facts=export_facts))

The owner calls `org.actions.approvals.submit` and reacts to `ApprovalDecided`. Each kind's route is a parameter,
`approval.<key>`, so it has a default, effective dates, values per line and unit, and an audit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import parameters
from hongyan.core.errors import Invalid
from hongyan.core.parameter_tables import Column, refusal
from hongyan.core.parameters import Parameter
from hongyan.org.codes import Joins, Level, OnTimeout, Risk, Role, Viewer
from hongyan.org.rules.approvals import HEAD, WHO, Check, Fault, first_fault
from hongyan.ui.records import Field

Fact = tuple[str | Promise, object] | Field
"""A label and its value, or a whole field where it needs more room."""

AskedOf = Callable[[Collection[str]], Mapping[str, str]]
"""Some subjects → what is asked of each in one line of plain text; those that are gone, or out of scope, left out."""

MOST_STEPS = 9
MOST_HOURS = 180

AMOUNT = gettext_lazy("金额或数量")

DEFAULT_ROUTE = (Check(1, (HEAD,), level=Level.COUNTY),)
"""One check, by whoever heads the maker's county, or the nearest unit above when that is the maker."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that takes approval.

    `facts` answers the one screen a checker decides by: labels and values (text or cells), masked, read under the
    checker's own scope; it writes its own audit where it shows personal data. Reason and amount are the request's own
    and not repeated there; `amount_label` says what the amount counts. `url` is the subject's page. `asked` says in one
    line what a list shows of each: the person, the parameter and its values; it reads all subjects together.
    What `may_wait` is asked for even while nobody could check it, and says who is missing.
    """

    key: str
    label: Promise | str
    facts: Callable[[Viewer, str], Sequence[Fact]]
    url: Callable[[str], str] | None = None
    route: tuple[Check, ...] = DEFAULT_ROUTE
    amount_label: Promise | str = AMOUNT
    may_wait: bool = False
    asked: AskedOf | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Declare a kind and its route's parameter; a key is declared once."""
    parameters.define(
        Parameter(
            key=f"approval.{kind.key}",
            is_guarded=True,
            default=[stored(check) for check in kind.route],
            kind="table",
            label=format_lazy(gettext_lazy("审批矩阵：{kind}"), kind=kind.label),
            source="SM13",
            columns=COLUMNS,
            check=check_route,
        )
    )
    _kinds[kind.key] = kind


def find(key: str) -> Kind | None:
    """The declaration of a kind; None where no room declares it, or none does any more."""
    return _kinds.get(key)


def labels() -> dict[str, Promise | str]:
    """What each kind is called, in the order of their declaration."""
    return {kind.key: kind.label for kind in _kinds.values()}


def label_of(key: str) -> str:
    """What a kind is called; its key where nobody declares it any more."""
    return str(_kinds[key].label) if key in _kinds else key


def amount_label_of(key: str) -> str:
    """What the amount of a kind's requests counts."""
    return str(_kinds[key].amount_label if key in _kinds else AMOUNT)


def route_of(kind: Kind, *, units: Sequence[int], line: str) -> list[Check]:
    """The route that holds today for a line and the nearest unit of a chain. One query."""
    parameter = parameters.find(f"approval.{kind.key}")
    assert parameter is not None
    return [check_of(row) for row in parameters.value_of(parameter, units=units, line=line)]


# --- a line of the route, as the parameter keeps it


def stored(check: Check) -> dict[str, Any]:
    """A line of a route as plain JSON."""
    row = asdict(check)
    return {
        **row,
        "roles": list(check.roles),
        "over": None if check.over is None else str(check.over),
        "upto": None if check.upto is None else str(check.upto),
    }


def check_of(row: Mapping[str, Any]) -> Check:
    """The line of a route that was stored."""
    return Check(
        step=row["step"],
        roles=tuple(row["roles"]),
        level=None if row["level"] is None else Level(row["level"]),
        over=None if row["over"] is None else Decimal(row["over"]),
        upto=None if row["upto"] is None else Decimal(row["upto"]),
        maker_level=None if row["maker_level"] is None else Level(row["maker_level"]),
        risk=None if row["risk"] is None else Risk(row["risk"]),
        hours=row["hours"],
        on_timeout=OnTimeout(row["on_timeout"]),
        joins=Joins(row["joins"]),
    )


def check_route(rows: Sequence[Mapping[str, Any]]) -> None:
    """Errors: Invalid naming the line of a route that makes no sense among the others."""
    fault = first_fault([check_of(row) for row in rows])
    if fault is None:
        return
    number, what = fault
    if what is Fault.EMPTY:
        raise Invalid({"value": _("至少要有一行")})
    column, sentence = {
        Fault.RANGE: ("upto", _("必须大于“金额超过”")),
        Fault.MIXED: ("joins", _("同一步的各行必须相同")),
        Fault.TWICE: ("step", _("与前面的一行完全相同")),
    }[what]
    raise refusal(number, next(one for one in COLUMNS if one.key == column), sentence)


def who(roles: Sequence[str]) -> str:
    """The checkers a line names, in words."""
    return pgettext("审批角色", "、").join(str(_WORDS.get(role, role)) for role in roles)


_WORDS: dict[str, Promise | str] = {
    HEAD: pgettext_lazy("审批角色", "负责人"),
    **{role.value: role.label for role in Role},
}


def _roles(text: str) -> list[str]:
    """The roles a cell names, by word or code, divided by commas."""
    codes = {str(words): code for code, words in _WORDS.items()} | {code: code for code in WHO}
    named = [part.strip() for part in text.replace("、", ",").replace("，", ",").split(",") if part.strip()]
    for part in named:
        if part not in codes:
            raise ValueError(_("没有“{role}”这个角色").format(role=part))
    return list(dict.fromkeys(codes[part] for part in named))


def _amount(text: str) -> str:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(_("不是数字")) from error
    if not amount.is_finite() or amount < 0:
        raise ValueError(_("不能小于 0"))
    return str(amount)


def _within(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and low <= int(text[:9]) <= high):
            raise ValueError(_("必须是 {low} 至 {high} 的整数").format(low=low, high=high))
        return int(text)

    return parse


_LEVELS = tuple((level.value, level.label) for level in Level)

COLUMNS = (
    Column("step", pgettext_lazy("审批矩阵", "第几步"), _within(1, MOST_STEPS)),
    Column("over", pgettext_lazy("审批矩阵", "金额超过"), _amount, is_optional=True),
    Column("upto", pgettext_lazy("审批矩阵", "金额不超过"), _amount, is_optional=True),
    Column("maker_level", pgettext_lazy("审批矩阵", "申请人层级"), choices=_LEVELS, is_optional=True),
    Column(
        "risk",
        pgettext_lazy("审批矩阵", "风险不低于"),
        choices=tuple((risk.value, risk.label) for risk in Risk),
        is_optional=True,
    ),
    Column("roles", pgettext_lazy("审批矩阵", "审批角色"), _roles, who),
    Column("level", pgettext_lazy("审批矩阵", "从哪级起"), choices=_LEVELS, is_optional=True),
    Column("hours", pgettext_lazy("审批矩阵", "时限（工作小时）"), _within(1, MOST_HOURS)),
    Column(
        "on_timeout",
        pgettext_lazy("审批矩阵", "超时处理"),
        choices=tuple((one.value, one.label) for one in OnTimeout),
    ),
    Column(
        "joins", pgettext_lazy("审批矩阵", "并行"), choices=tuple((one.value, one.label) for one in Joins)
    ),
)
"""The columns of a route, named as the fields of `Check`; an empty level to begin at is the maker's own unit."""
