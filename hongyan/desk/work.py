"""Rules that find what to do (今日规则): rooms above write them, `web.today` names them in one plain list.

A rule is one SELECT over everybody, without scope, of rows `(record_id, line, period, amount, due_on, facts, org_no,
staff_id)`, at most one a record, line and period. It says why in a sentence from the facts it brought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from hongyan.core.parameters import Parameter, value_of

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Reason:
    """What a rule found: the numbers of its sentence. `days` are left until it is due, fewer than 0 when it was."""

    facts: Mapping[str, Any]
    amount: Decimal | None
    due_on: date
    days: int


@dataclass(frozen=True, slots=True)
class WorkRule:
    """One rule: its name as a chip shows it, and its icon; `sql` with what it is `given` on a day; `why` in words.

    `advice` is what to do in one short phrase; `tab` the part of the record's page where it is done.
    """

    key: str
    label: Text
    icon: str
    sql: str
    given: Callable[[date], Mapping[str, Any]]
    why: Callable[[Reason], str]
    advice: Text
    tab: str
    kind: str = "customer"


def within(days: Parameter) -> Callable[[date], Mapping[str, Any]]:
    """What a rule is given that looks so many days ahead: the `last` of them."""
    return lambda today: {"last": today + timedelta(days=int(value_of(days)))}


def yuan(amount: Decimal | None) -> str:
    """An amount inside a sentence, in whole yuan.

    >>> yuan(Decimal("80000.40")), yuan(None)
    ('80,000', '0')
    """
    return f"{amount or 0:,.0f}"
