"""What home shows: what came in since yesterday, what waits for the viewer, and whom they look after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.customer import lists as customer_lists
from hongyan.customer.queries.cases import waiting_cases
from hongyan.desk.queries import unread
from hongyan.integration.codes import DeliveryState, RowState
from hongyan.integration.models import Delivery
from hongyan.integration.queries.deliveries import deliveries, sees_counts
from hongyan.integration.queries.quarantine import quarantined_rows
from hongyan.integration.words import system_name
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.queries.approvals import open_steps_here, to_decide
from hongyan.ui.lists import Count as CappedCount
from hongyan.ui.lists import capped_count

Text = str | Promise

DELIVERIES_SHOWN = 8
COUNTED_UP_TO = 100
"""The menu and the bell say 99+ beyond; nobody needs the exact number there."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads to its rows: the page at `url` lists exactly what was counted; empty for no page."""

    label: Text
    count: CappedCount
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that came in, and its system by name."""

    delivery: Delivery
    system: str
    url: str


@dataclass(frozen=True, slots=True)
class Home:
    """`arrivals` is None for viewers who may not see intake; `mine` are the viewer's own customers by line.

    `sees_counts`: whether the viewer may know how the rows of the arrivals fared.
    """

    since: datetime
    new_customers: Figure | None
    arrivals: Sequence[Arrival] | None
    sees_counts: bool
    waiting: Sequence[Figure]
    mine: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the viewer, shown on every page: requests to decide, unread messages and review cases.

    Each is counted up to 100. Cases are counted for who works on them, and are 0 for others.
    """

    to_decide: int
    unread: int
    cases: int = 0


def waiting_for(request: HttpRequest) -> Waiting:
    """Counted once a request, however many parts of its page show it; in one query where no step is open here."""
    if not hasattr(request, "waiting"):
        request.waiting = _waiting_now(request.viewer)  # type: ignore[attr-defined]
    return request.waiting  # type: ignore[attr-defined,no-any-return]


def _waiting_now(viewer: Viewer) -> Waiting:
    open_here = open_steps_here(viewer)[:1].values_list(Value("open"))
    messages = unread(viewer)[:COUNTED_UP_TO].values_list(Value("unread"))
    cases = (
        [waiting_cases(viewer)[:COUNTED_UP_TO].values_list(Value("case"))]
        if viewer.may(Right.CUSTOMER_MERGE)
        else []
    )
    found = Counter(what for (what,) in messages.union(open_here, *cases, all=True))
    # whether the viewer is barred costs more than a page should pay for nothing
    waiting = to_decide(viewer).order_by()[:COUNTED_UP_TO].count() if found["open"] else 0
    return Waiting(waiting, found["unread"], found["case"])


def home_of(viewer: Viewer, waiting: Waiting) -> Home:
    """The viewer's home, in at most six queries. Numbers without rows are left out: nothing waits there."""
    yesterday = clock.business_date() - timedelta(days=1)
    since = datetime.combine(yesterday, time.min, clock.BUSINESS_ZONE)
    reads_customers, reads_intake = viewer.may(Right.CUSTOMER_READ), viewer.may(Right.INTAKE_READ)
    return Home(
        since=since,
        new_customers=_customers(viewer, _("新增客户"), f"created_from={yesterday}")
        if reads_customers
        else None,
        arrivals=_arrivals(since) if reads_intake else None,
        sees_counts=sees_counts(viewer),
        waiting=[figure for figure in _waiting(viewer, waiting) if figure.count.value],
        mine=_mine(viewer) if reads_customers else [],
    )


def _customers(viewer: Viewer, label: Text, query: str, icon: str = "") -> Figure:
    """How many customers the list shows for a query."""
    rows = customer_lists.chosen_rows(viewer, query)
    return Figure(label, capped_count(rows), f"{reverse('customer:list')}?{query}", icon)


def _waiting(viewer: Viewer, waiting: Waiting) -> list[Figure]:
    figures = []
    if viewer.may(Right.INTAKE_SIGN):
        unsigned = deliveries().filter(state=DeliveryState.CHECKED)
        url = f"{reverse('integration:deliveries')}?state={DeliveryState.CHECKED}"
        figures.append(Figure(_("待签收的批次"), capped_count(unsigned), url, icon="signature"))
    if viewer.may(Right.INTAKE_MEND):
        rows = quarantined_rows(viewer).filter(state=RowState.OPEN)
        url = f"{reverse('integration:quarantine')}?state={RowState.OPEN}"
        figures.append(Figure(_("待修正的隔离行"), capped_count(rows), url, icon="alert-triangle"))
    if viewer.may(Right.CUSTOMER_MERGE):
        cases = capped_count(waiting_cases(viewer))
        figures.append(Figure(_("待核的成对客户"), cases, reverse("customer:cases"), icon="git-compare"))
    elif viewer.may(Right.CUSTOMER_READ):
        figures.append(_customers(viewer, _("待核的客户"), "review=1", icon="users-group"))
    to_decide = CappedCount(waiting.to_decide)
    figures.append(Figure(_("待我审批的申请"), to_decide, reverse("org:approvals"), icon="checkbox"))
    unread = CappedCount(waiting.unread)
    figures.append(Figure(_("未读的通知"), unread, f"{reverse('desk:notifications')}?unread=1", icon="bell"))
    return figures


def _arrivals(since: datetime) -> list[Arrival]:
    newest = deliveries().filter(received_at__gte=since).order_by("-received_at", "-id")[:DELIVERIES_SHOWN]
    return [
        Arrival(one, system_name(one.system), reverse("integration:delivery", args=[one.number]))
        for one in newest
    ]


def _mine(viewer: Viewer) -> list[Figure]:
    """The customers the viewer is the main manager of, line by line; who has business in two lines counts in both."""
    query = f"manager={customer_lists.MINE}"
    rows = customer_lists.chosen_rows(viewer, query).order_by().values_list("line_codes")
    totals: Counter[str] = Counter()
    for line_codes, count in rows.annotate(count=Count("pk")):
        totals.update(dict.fromkeys(filter(None, line_codes.split(",")), count))
    base = f"{reverse('customer:list')}?{query}"
    return [
        Figure(line.label, CappedCount(totals[line]), f"{base}&line={line}") for line in Line if totals[line]
    ]
