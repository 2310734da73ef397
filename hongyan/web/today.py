"""Today (今日): one list of what to do, by money at stake and time left; a plain list of the rules that rooms lend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.classes.work import AGREEMENTS, FALLING
from hongyan.core import clock
from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.parameters import values_of
from hongyan.customer.models import Customer
from hongyan.customer.panels.basic import shown_value
from hongyan.customer.work import BIRTHDAYS
from hongyan.desk.codes import TaskState
from hongyan.desk.models import Task, WorkItem
from hongyan.desk.parameters import WORK_HALF_DAYS, WORK_LEAST_YUAN, WORK_POSTPONEMENTS
from hongyan.desk.queries.tasks import own_tasks
from hongyan.desk.queries.work import count_by_rule, leads, work_for
from hongyan.desk.task_rules import may_postpone
from hongyan.desk.work import Reason, WorkRule
from hongyan.desk.work_rules import rank_of
from hongyan.ledger.work import DEPOSITS, INTAKE, POLICIES
from hongyan.org import approvals
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Approval
from hongyan.org.queries.approvals import to_decide
from hongyan.quality.work import CAMPAIGNS, CREDENTIALS
from hongyan.ui import cells
from hongyan.ui.lists import paginate
from hongyan.web.queries import Waiting

Text = str | Promise

RULES: tuple[WorkRule, ...] = (
    DEPOSITS,
    POLICIES,
    FALLING,
    AGREEMENTS,
    INTAKE,
    CREDENTIALS,
    BIRTHDAYS,
    CAMPAIGNS,
)
RULE_OF: Mapping[str, WorkRule] = {rule.key: rule for rule in RULES}

TASKS, APPROVALS = "task", "approval"
"""What else is to be done, read as it stands."""
LIVE: Mapping[str, tuple[Text, str]] = {
    APPROVALS: (pgettext_lazy("今日", "审批"), "checkbox"),
    TASKS: (pgettext_lazy("今日", "待办"), "checklist"),
}
SHOWN, LIVE_SHOWN = 30, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it the reader asked for: one rule, or all; one's own, or of the whole unit; from where on."""

    rule: str = ""
    is_own: bool = True
    after: str = ""
    before: str = ""

    @classmethod
    def parse(cls, viewer: Viewer, query: QueryDict) -> Asked:
        """As the address says; what it says wrongly is left aside. Who leads begins with the whole unit."""
        rule, whose = query.get("rule", ""), query.get("whose", "")
        return cls(
            rule=rule if rule in RULE_OF or rule in LIVE else "",
            is_own=not leads(viewer) or whose == "own",
            after=query.get("after", ""),
            before=query.get("before", ""),
        )

    def link(self, viewer: Viewer, **changes: str) -> str:
        """The address of the list with something else asked for."""
        query = QueryDict(mutable=True)
        said = {"rule": self.rule, "whose": "own" if leads(viewer) and self.is_own else ""} | changes
        query.update({key: value for key, value in said.items() if value})
        return f"{reverse('web:today')}{'?' if query else ''}{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A counter that filters the list."""

    label: Text
    icon: str
    count: int
    url: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One thing to do: who, why, what, until when. Addresses are empty where there is nothing to do."""

    rank: Decimal
    label: Text
    icon: str
    title: str
    url: str
    why: str
    advice: Text
    due: str
    is_late: bool
    amount: SafeString | str = ""
    code: str = ""
    phone: object = ""
    done_url: str = ""
    postpone_url: str = ""
    delegate_url: str = ""
    refuse_url: str = ""
    postponed: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """The page; `whose` switches between one's own and the unit's, for who leads."""

    chips: Sequence[Chip]
    items: Sequence[ShownItem]
    shown: int
    next_url: str
    whose: Sequence[Chip]
    counts_url: str


def today_of(viewer: Viewer, asked: Asked, waiting: Waiting) -> Today:
    """What the viewer has to do. Seven queries at most."""
    rows = work_for(viewer, is_own=asked.is_own)
    least, half, most = values_of(
        WORK_LEAST_YUAN, WORK_HALF_DAYS, WORK_POSTPONEMENTS, units=viewer.unit_chain
    )
    order = _Order(Decimal(least), Decimal(half))
    page = paginate(_chosen(rows, asked.rule), asked, ("rank",), descending=True, size=SHOWN)
    items = _found(viewer, page.rows, most=int(most))
    shown = len(items)
    if not asked.after and not asked.before:
        items += _live(viewer, asked.rule, waiting, order)
    counts = counts_of(viewer, asked, waiting)
    return Today(
        chips=counts,
        items=sorted(items, key=lambda one: one.rank, reverse=True),
        shown=shown,
        next_url=asked.link(viewer, after=page.next_cursor) if page.next_cursor else "",
        whose=_whose(viewer, asked),
        counts_url=asked.link(viewer).replace(reverse("web:today"), reverse("web:today_counts"), 1),
    )


def has_work(viewer: Viewer) -> bool:
    """Whether a rule found something for the viewer: then the day begins there. One query."""
    return viewer.may(Right.NOTE_WRITE) and work_for(viewer, is_own=not leads(viewer)).exists()


def counts_of(viewer: Viewer, asked: Asked, waiting: Waiting) -> list[Chip]:
    """The counters above the list. Two queries."""
    found = count_by_rule(work_for(viewer, is_own=asked.is_own))
    found |= {APPROVALS: waiting.to_decide, TASKS: _due(viewer).count()}
    named = [(rule.key, rule.label, rule.icon) for rule in RULES]
    named += [(key, label, icon) for key, (label, icon) in LIVE.items()]
    chips = [
        Chip(label, icon, found.get(key, 0), asked.link(viewer, rule=key), asked.rule == key)
        for key, label, icon in named
        if found.get(key) or asked.rule == key
    ]
    whole = Chip(
        pgettext("今日", "全部"), "list", sum(found.values()), asked.link(viewer, rule=""), not asked.rule
    )
    return [whole, *chips]


@dataclass(frozen=True, slots=True)
class _Order:
    least: Decimal
    half: Decimal

    def rank(self, due: datetime | None) -> Decimal:
        days = (clock.business_date(due) - clock.business_date()).days if due else 0
        return rank_of(None, days, least=self.least, half_days=self.half)


def _chosen(rows: QuerySet[WorkItem], rule: str) -> QuerySet[WorkItem]:
    if rule in LIVE:
        return rows.none()
    return rows.filter(rule=rule) if rule else rows


def _whose(viewer: Viewer, asked: Asked) -> list[Chip]:
    if not leads(viewer):
        return []
    said = ((pgettext("今日", "本机构"), "sitemap", ""), (pgettext("今日", "我的"), "user", "own"))
    return [
        Chip(word, icon, 0, asked.link(viewer, whose=value), asked.is_own == (value == "own"))
        for word, icon, value in said
    ]


def _found(viewer: Viewer, rows: Sequence[WorkItem], *, most: int) -> list[ShownItem]:
    """What rules found, with the customers as the viewer sees them; who is out of sight by now is left out."""
    ids = {row.record_id for row in rows}
    seen = Customer.objects.visible_to(viewer).filter(pk__in=ids).select_related("survivor")
    customers = {one.pk: one.survivor or one for one in seen}
    return [
        _shown(viewer, row, RULE_OF[row.rule], customers[row.record_id], most=most)
        for row in rows
        if row.record_id in customers and row.rule in RULE_OF
    ]


def _shown(viewer: Viewer, row: WorkItem, rule: WorkRule, customer: Customer, *, most: int) -> ShownItem:
    days = (row.due_on - clock.business_date()).days
    reason = Reason(row.facts, row.amount, row.due_on, days)

    def act(name: str) -> str:
        return reverse(f"web:{name}_today", args=[row.pk])

    return ShownItem(
        rank=row.rank,
        label=rule.label,
        icon=rule.icon,
        title=customer.name,
        url=reverse("customer:record_tab", args=[customer.code, rule.tab]),
        why=rule.why(reason),
        advice=rule.advice,
        due=_until(days),
        is_late=days < 0,
        amount=cells.money(row.amount, summary=True) if row.amount else "",
        code=customer.code,
        phone=_phone(viewer, customer),
        done_url=act("finish"),
        postpone_url=act("postpone") if may_postpone(row.postponed, most=most) else "",
        delegate_url=act("delegate"),
        refuse_url=act("refuse"),
        postponed=row.postponed,
    )


def _phone(viewer: Viewer, customer: Customer) -> object:
    """The masked number; the whole one by the rule of revealing, with purpose and audit."""
    name = "mobile_masked" if customer.mobile_masked else "landline_masked"
    return shown_value(viewer, customer.code, name, getattr(customer, name))


def _until(days: int) -> str:
    if days < 0:
        return _("已过 {count} 天").format(count=-days)
    return pgettext("今日", "今天") if days == 0 else _("还有 {count} 天").format(count=days)


def _due(viewer: Viewer) -> QuerySet[Task]:
    """One's own to-dos that are due today, or were."""
    ends = datetime.combine(clock.business_date() + timedelta(days=1), time.min, BUSINESS_ZONE)
    return own_tasks(viewer).filter(state=TaskState.OPEN, due_at__lt=ends)


def _live(viewer: Viewer, rule: str, waiting: Waiting, order: _Order) -> list[ShownItem]:
    items: list[ShownItem] = []
    if waiting.to_decide and rule in {"", APPROVALS}:
        items += [_approval(one, order) for one in to_decide(viewer).order_by("due_at", "pk")[:LIVE_SHOWN]]
    if rule in {"", TASKS}:
        items += [_task(one, order) for one in _due(viewer).order_by("due_at", "priority")[:LIVE_SHOWN]]
    return items


def _task(task: Task, order: _Order) -> ShownItem:
    label, icon = LIVE[TASKS]
    days = (clock.business_date(task.due_at) - clock.business_date()).days
    return ShownItem(
        rank=order.rank(task.due_at),
        label=label,
        icon=icon,
        title=task.title,
        url=reverse("desk:task", args=[task.pk]),
        why=_("{who} 提出").format(who=task.maker_name),
        advice="",
        due=_until(days),
        is_late=days < 0,
        done_url=reverse("desk:finish_task", args=[task.pk]),
        postpone_url=reverse("desk:postpone_task", args=[task.pk]),
        delegate_url=reverse("desk:delegate_task", args=[task.pk]),
        postponed=task.postponed,
    )


def _approval(one: Approval, order: _Order) -> ShownItem:
    label, icon = LIVE[APPROVALS]
    days = (clock.business_date(one.due_at) - clock.business_date()).days if one.due_at else 0
    return ShownItem(
        rank=order.rank(one.due_at),
        label=label,
        icon=icon,
        title=str(approvals.label_of(one.kind)),
        url=reverse("org:approval", args=[one.pk]),
        why=_("申请 {number} 等您审批").format(number=one.pk),
        advice="",
        due=_until(days) if one.due_at else "",
        is_late=days < 0,
    )
