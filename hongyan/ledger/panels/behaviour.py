"""The view of behaviour (行为视图): rhythm, days of the week, hours, ways and places. REQ V36-005."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.core.errors import NotAllowed
from hongyan.core.parameters import values_of
from hongyan.customer.panels import Asked
from hongyan.customer.queries.records import CustomerRecord
from hongyan.ledger.codes import Channel, FactKind, PickupMode
from hongyan.ledger.panels.business import AbsentSystem, FindAbsent
from hongyan.ledger.parameters import HABIT_DAYS, SILENT_DAYS, SILENT_FACTOR
from hongyan.ledger.queries.access import lines_of
from hongyan.ledger.queries.habits import Habit, habits_of
from hongyan.ledger.rules.rhythm import Rhythm, rhythm_of
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui import cells
from hongyan.ui.charts import Chart, Series

Text = str | Promise

WEEKDAYS = (
    pgettext_lazy("星期", "周一"),
    pgettext_lazy("星期", "周二"),
    pgettext_lazy("星期", "周三"),
    pgettext_lazy("星期", "周四"),
    pgettext_lazy("星期", "周五"),
    pgettext_lazy("星期", "周六"),
    pgettext_lazy("星期", "周日"),
)
BANDS: Sequence[tuple[Text, range]] = (
    (gettext_lazy("8 点以前"), range(8)),
    (gettext_lazy("8–11 点"), range(8, 11)),
    (gettext_lazy("11–13 点"), range(11, 13)),
    (gettext_lazy("13–17 点"), range(13, 17)),
    (gettext_lazy("17 点以后"), range(17, 24)),
)
"""Parts of a day; 11 and 13 are the bounds of V36-i04."""
MOST_PLACES = 5
_WAYS: Mapping[str, Mapping[str, Text]] = {
    FactKind.TRANSACTION: dict(Channel.choices),
    FactKind.MAIL_ITEM: dict(PickupMode.choices),
}
_KINDS: Mapping[str, Text] = {
    FactKind.TRANSACTION: pgettext_lazy("行为", "交易"),
    FactKind.MAIL_ITEM: pgettext_lazy("行为", "寄递"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """One way or place: how many times, and how much of all that is, in percent."""

    label: Text
    count: SafeString
    percent: int


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The tab, of the last `days`: without a rhythm there was no business. `rows_url` are the facts behind it.

    `limits` say what is not in it: lines that the reader's post does not see, systems that are not connected.
    """

    days: int
    rhythm: Rhythm | None
    silence: str
    total: SafeString
    rows_url: str
    charts: Sequence[Chart]
    ways: Sequence[Share]
    places: Sequence[Share]
    limits: Sequence[str]


def behaviour(find_absent: FindAbsent) -> Callable[[Viewer, CustomerRecord, Asked], Behaviour]:
    """The query of the panel 行为, given how to find the systems not connected. Two queries of its own.

    Errors: NotAllowed for whoever may not see business.
    """

    def query(viewer: Viewer, record: CustomerRecord, _asked: Asked) -> Behaviour:
        if not viewer.may(Right.LEDGER_READ):
            raise NotAllowed(Right.LEDGER_READ)
        today = clock.business_date()
        days, factor, least = values_of(HABIT_DAYS, SILENT_FACTOR, SILENT_DAYS, units=viewer.unit_chain)
        lines = sorted(lines_of(viewer))
        since = today - timedelta(days=int(days))
        found = habits_of([party.pk for party in record.parties], lines, since=since)
        rhythm = rhythm_of([one.day for one in found], today, factor=float(factor), least=int(least))
        return Behaviour(
            days=int(days),
            rhythm=rhythm,
            silence=_silence(rhythm),
            total=cells.number(sum(one.count for one in found)),
            rows_url=f"{reverse('ledger:facts')}?{urlencode({'customer': record.customer.code})}",
            charts=[_weekdays(found), _hours(found)] if found else (),
            ways=_shares(found, _way),
            places=_shares(found, lambda one: one.unit)[:MOST_PLACES],
            limits=_limits(lines, find_absent()),
        )

    return query


def _limits(lines: Sequence[str], absent: Sequence[AbsentSystem]) -> list[str]:
    comma = pgettext("list separator", "、")
    seen = comma.join(str(Line(line).label) for line in lines)
    limits = [_("只计您的岗位能看到的板块：{lines}").format(lines=seen)]
    if absent:
        limits.append(_("未接入：{systems}").format(systems=comma.join(str(one.name) for one in absent)))
    return limits


def _silence(rhythm: Rhythm | None) -> str:
    """How long nothing happened, beside how often something does."""
    if rhythm is None:
        return ""
    since = ngettext("最近一次在 {count} 天前", "最近一次在 {count} 天前", rhythm.since).format(
        count=rhythm.since
    )
    if rhythm.since == 0:
        since = _("今天有业务")
    if rhythm.gap is None:
        return since
    often = ngettext("通常每 {count} 天一次", "通常每 {count} 天一次", rhythm.gap).format(count=rhythm.gap)
    return _("{often}，{since}").format(often=often, since=since)


def _weekdays(found: Iterable[Habit]) -> Chart:
    counts = Counter[int]()
    for one in found:
        counts[one.day.weekday()] += one.count
    values = [counts[day] for day in range(7)]
    return _chart("weekdays", _("星期几"), WEEKDAYS, values)


def _hours(found: Iterable[Habit]) -> Chart:
    counts = Counter[int]()
    for one in found:
        counts[next(number for number, (_label, hours) in enumerate(BANDS) if one.hour in hours)] += one.count
    return _chart(
        "hours", _("一天中的时段"), [label for label, _hours in BANDS], [counts[n] for n in range(len(BANDS))]
    )


def _chart(key: str, title: str, categories: Sequence[Text], values: Sequence[int]) -> Chart:
    series = Series(pgettext_lazy("行为", "笔数"), values)
    return Chart(key, title, pgettext_lazy("业务计量", "笔"), categories, [series])


def _way(one: Habit) -> Text:
    word = _WAYS[one.kind].get(one.way, _("未说明"))
    return f"{_KINDS[one.kind]} · {word}"


def _shares(found: Sequence[Habit], named: Callable[[Habit], Text]) -> list[Share]:
    """How often each, the most frequent first."""
    counts = Counter[Text]()
    for one in found:
        counts[named(one)] += one.count
    total = counts.total()
    return [
        Share(label, cells.number(count), round(100 * count / total)) for label, count in counts.most_common()
    ]
