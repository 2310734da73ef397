"""Routes as parameters keep them and people write them: a table, one line a group of checkers (审批矩阵)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.core.errors import Invalid
from hongyan.core.parameter_tables import Column, refusal
from hongyan.org.codes import Joins, Level, OnTimeout, Risk, Role
from hongyan.org.rules.approvals import HEAD, WHO, Check, Fault, first_fault

MOST_STEPS = 9
MOST_HOURS = 180


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
