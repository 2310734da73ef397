"""Blocks of ownership: the tab of the customer's page, the parts of the room, what a checker decides by (管户)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.customer.models import Assistant, Customer, Ownership, Share
from hongyan.customer.panels import Asked, line_chips
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.shares import shares_of
from hongyan.ledger.codes import HoldingKind
from hongyan.org.approvals import Fact
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ownership.actions.single import acts_for
from hongyan.ownership.codes import Act, Outcome
from hongyan.ownership.models import Belonging, TransferItem
from hongyan.ownership.queries.assistants import assistants_of, may_let_assist
from hongyan.ownership.queries.belonging import accounts_of, sees_belongings
from hongyan.ownership.queries.load import Load
from hongyan.ownership.queries.owners import Owned, history_of, owned_in_scope
from hongyan.ownership.queries.transfers import Standing
from hongyan.ownership.rules import Window
from hongyan.ownership.words import reason_words
from hongyan.ui import cells

Text = str | Promise


# --- the parts of the room


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the room's parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


_OPENING = {"belongings": "?state=open", "pool": "?keeper=outlet"}
"""A part opens on what is to be done."""

_ADDRESS = {"pool": "owners"}
"""The pools are the list of owners under a filter."""


def sections(viewer: Viewer, active: str) -> list[SectionLink]:
    """The room's parts that the viewer's post has something in, the one called `active` marked."""
    may_change = viewer.may(Right.OWNERSHIP_CHANGE)
    offered = [
        ("owners", gettext_lazy("管户清单"), "user-check", True),
        ("pool", gettext_lazy("待分配池"), "inbox", True),
        ("shared", gettext_lazy("共享给我的"), "users", not viewer.scope.everything),
        ("load", gettext_lazy("管户负荷"), "chart-bar", may_change),
        ("belongings", gettext_lazy("邮储归属"), "building-bank", may_change and sees_belongings(viewer)),
        ("transfers", gettext_lazy("变动记录"), "history", may_change),
    ]
    return [
        SectionLink(
            label,
            reverse(f"ownership:{_ADDRESS.get(name, name)}") + _OPENING.get(name, ""),
            icon,
            name == active,
        )
        for name, label, icon, is_offered in offered
        if is_offered
    ]


def pool_tabs(keeper: str) -> list[SectionLink]:
    """The pools of outlets and of counties, the one that is shown marked."""
    offered = (
        ("outlet", gettext_lazy("网点待分配池"), "building-store"),
        ("county", gettext_lazy("县级待分配池"), "building"),
    )
    return [
        SectionLink(label, f"{reverse('ownership:owners')}?keeper={key}", icon, key == keeper)
        for key, label, icon in offered
    ]


# --- the tab of the customer's page


@dataclass(frozen=True, slots=True)
class ActLink:
    """Something the viewer may do, and where."""

    label: Text
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class OwnerView:
    """Who looks after the customer in a line now."""

    line: SafeString
    unit: str
    manager: str
    since: SafeString
    reason: str
    note: str
    is_risen: bool
    acts: Sequence[ActLink]


@dataclass(frozen=True, slots=True)
class PastOwner:
    """Who looked after the customer before, and what ended it is what began the next."""

    line: SafeString
    unit: str
    manager: str
    since: SafeString
    until: SafeString
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class AssistantView:
    """Who assists, will, or did; `state` is how it stands, `notes` why it began and ended."""

    line: SafeString
    name: str
    unit: str
    since: SafeString
    until: SafeString
    state: SafeString
    notes: Sequence[str]
    end_url: str


@dataclass(frozen=True, slots=True)
class ShareRow:
    """With whom a customer is or was shared, until when, and why; `end_url` takes it back."""

    name: str
    since: SafeString
    until: SafeString
    state: SafeString
    reason: str
    end_url: str


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of one customer, present and past, who assists them, and with whom it is shared."""

    present: Sequence[OwnerView]
    past: Sequence[PastOwner]
    assistants: Sequence[AssistantView]
    shares: Sequence[ShareRow]
    share_url: str


_ICONS = {
    Act.ASSIGN: "user-plus",
    Act.ADJUST: "arrows-exchange",
    Act.DISSOLVE: "user-minus",
    Act.GIVE_BACK: "user-minus",
}


def owners(viewer: Viewer, record: CustomerRecord, _asked: Asked) -> Owners:
    """The query of the panel 管户. Three queries of its own."""
    here = {one.owner.pk: one for one in owned_in_scope(viewer, record.customer, record.owners)}
    members = [record.customer, *record.aliases]
    lines = {one.owner.line for one in here.values() if may_let_assist(viewer, one)}
    return Owners(
        present=[
            _present(viewer, record.customer.code, owner, here.get(owner.pk)) for owner in record.owners
        ],
        past=[_past(owner) for owner in history_of(members)],
        assistants=[_assistant(viewer, one, lines) for one in assistants_of(members)],
        shares=[_share(one, may_end=bool(lines)) for one in shares_of(members)],
        share_url=reverse("ownership:share", args=[record.customer.code]) if lines else "",
    )


def _share(row: Share, *, may_end: bool) -> ShareRow:
    lasts = row.is_present and row.until >= clock.business_date()
    state = pgettext("共享", "共享中") if lasts else pgettext("共享", "已结束")
    return ShareRow(
        name=row.staff.name,
        since=cells.when(row.since),
        until=cells.when(row.until),
        state=cells.badge(state, "good" if lasts else "off"),
        reason=row.reason,
        end_url=reverse("ownership:take_back", args=[row.pk]) if lasts and may_end else "",
    )


def _present(viewer: Viewer, code: str, owner: Ownership, owned: Owned | None) -> OwnerView:
    acts = acts_for(viewer, owned) if owned else []
    return OwnerView(
        line=line_chips([owner.line]),
        unit=str(owner.unit),
        manager=owner.manager.name if owner.manager else "",
        since=cells.when(owner.since),
        reason=reason_words(owner.reason),
        note=owner.note,
        is_risen=owner.risen_at is not None,
        acts=[
            *(
                ActLink(
                    act.label, reverse("ownership:change", args=[code, owner.line, act.value]), _ICONS[act]
                )
                for act in acts
            ),
            *_assist_links(viewer, code, owned),
        ],
    )


def _assist_links(viewer: Viewer, code: str, owned: Owned | None) -> list[ActLink]:
    if owned is None or not may_let_assist(viewer, owned):
        return []
    return [
        ActLink(_("登记协办"), reverse("ownership:let_assist", args=[code, owned.owner.line]), "user-plus")
    ]


def _assistant(viewer: Viewer, row: Assistant, lines: Collection[str]) -> AssistantView:
    lasts = row.until is None
    may_end = lasts and (row.line in lines or row.staff_id in viewer.people)
    return AssistantView(
        line=line_chips([row.line]),
        name=row.staff.name,
        unit=str(row.unit),
        since=cells.when(row.since),
        until=cells.when(row.until) if row.until else SafeString(""),
        state=_assistant_state(row),
        notes=[note for note in (row.reason, row.end_reason) if note],
        end_url=reverse("ownership:end_assisting", args=[row.pk]) if may_end else "",
    )


def _assistant_state(row: Assistant) -> SafeString:
    if row.is_present:
        return cells.badge(pgettext_lazy("协办", "协办中"), "good")
    if row.since > clock.business_date():
        return cells.badge(pgettext_lazy("协办", "待生效"), "wait")
    return cells.badge(pgettext_lazy("协办", "已结束"), "off")


def _past(owner: Ownership) -> PastOwner:
    return PastOwner(
        line=line_chips([owner.line]),
        unit=str(owner.unit),
        manager=owner.manager.name if owner.manager else "",
        since=cells.when(owner.since),
        until=cells.when(owner.until) if owner.until else SafeString(""),
        reason=reason_words(owner.reason),
        note=owner.note,
    )


# --- what a checker decides by


def owner_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Whose customer goes from where to where."""
    row = _asked_for([subject]).get(int(subject))
    if row is None:
        return ()
    customer = row.customer.survivor or row.customer
    return (
        (_("客户"), cells.named(customer.name, key=customer.code, detail=customer.code)),
        (_("板块"), line_chips([row.line])),
        (pgettext_lazy("管户", "现管户"), _who(row.before.unit, row.before.manager)),
        (pgettext_lazy("管户", "改为"), _who(row.to_unit, row.to_manager)),
    )


def owners_asked(subjects: Collection[str]) -> dict[str, str]:
    """Which customer, by code, and where it is to go."""
    told = "{code} {line} → {where}"
    return {
        str(key): told.format(
            code=(row.customer.survivor or row.customer).code,
            line=Line(row.line).label,
            where=_who(row.to_unit, row.to_manager),
        )
        for key, row in _asked_for(subjects).items()
    }


def _asked_for(subjects: Collection[str]) -> dict[int, TransferItem]:
    """Transfer id → its one item, of those whose customer the viewer may see."""
    rows = TransferItem.objects.filter(transfer_id__in=[int(one) for one in subjects], is_alike=False)
    related = ("customer__survivor", "before__unit", "before__manager", "to_unit", "to_manager")
    return {row.transfer_id: row for row in rows.select_related(*related)}


def _who(unit: object, manager: object) -> str:
    return f"{unit} · {manager or _('待分配池')}"


# --- acts on many


@dataclass(frozen=True, slots=True)
class ShareView:
    """What a plan gives to one manager: how many they have, take, and cannot take."""

    name: str
    unit: str
    present: int
    takes: int
    over: int
    cap: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as the page shows it; `outcomes` is what came of it so far, by what happened."""

    lines: Sequence[tuple[str, int]]
    shares: Sequence[ShareView]
    pool: int
    over: int
    outcomes: Sequence[tuple[str, int]]


def count_by_line(rows: QuerySet[Ownership]) -> list[tuple[str, int]]:
    """How many of some owners there are in each line. One query."""
    return list(rows.order_by("line").values_list("line").annotate(found=Count("pk")))


def plan_view(standing: Standing) -> PlanView:
    """The plan of an act in words and numbers. No query."""
    plan, managers = standing.plan, standing.managers
    return PlanView(
        lines=[(str(Line(one.line).label), one.count) for one in standing.lines],
        shares=[
            ShareView(
                name=managers[one.manager_id].staff.name,
                unit=managers[one.manager_id].unit_name,
                present=managers[one.manager_id].present,
                takes=one.takes,
                over=one.over,
                cap=managers[one.manager_id].cap,
            )
            for one in (plan.managers if plan else ())
            if one.manager_id in managers
        ],
        pool=plan.pool if plan else 0,
        over=plan.over if plan else 0,
        outcomes=[(str(Outcome(key).label), count) for key, count in standing.outcomes.items()],
    )


# --- belonging at the bank


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account behind an outlet's figures."""

    number: str
    kind: str
    opened: SafeString
    assets: SafeString
    liabilities: SafeString
    url: str


@dataclass(frozen=True, slots=True)
class OutletView:
    """A customer at one outlet as the rule saw it, and the accounts that its figures are the sum of."""

    code: str
    name: str
    total: SafeString
    assets: SafeString
    opened: SafeString
    is_present: bool
    is_best: bool
    accounts: Sequence[AccountView]


def outlets_of(belonging: Belonging, customer: Customer) -> list[OutletView]:
    """The outlets of a proposal, the best first, each with its accounts. One query."""
    held: dict[str, list[AccountView]] = defaultdict(list)
    url = reverse("customer:record_tab", args=[customer.code, "business"])
    accounts = accounts_of([customer.pk], Window(belonging.first, belonging.last)).get(customer.pk, [])
    for one in accounts:
        held[one.unit_code].append(
            AccountView(
                number=one.number,
                kind=str(HoldingKind(one.kind).label) if one.kind else "",
                opened=cells.when(one.opened_on),
                assets=cells.money(one.assets),
                liabilities=cells.money(one.liabilities),
                url=f"{url}#holding-{one.holding_id}",
            )
        )
    return [
        OutletView(
            code=figure["code"],
            name=figure["name"],
            total=cells.money(Decimal(figure["total"])),
            assets=cells.money(Decimal(figure["assets"])),
            opened=cells.when(date.fromisoformat(figure["opened"])) if figure["opened"] else cells.unknown(),
            is_present=figure["code"] == belonging.before.unit.code,
            is_best=figure["code"] == belonging.to_unit.code,
            accounts=held.get(figure["code"], []),
        )
        for figure in belonging.figures
    ]


# --- the load


@dataclass(frozen=True, slots=True)
class LoadRow:
    """What one manager looks after, as a row of the page. `cap` is None for whoever is no manager any more."""

    staff_no: str
    name: str
    unit_code: str
    unit_name: str
    counts: Sequence[tuple[Line, int]]
    present: int
    cap: int | None
    is_full: bool


def load_rows(load: Load, lines: Sequence[Line]) -> list[LoadRow]:
    """The managers of a unit with their counts in some lines. No query."""
    return [
        LoadRow(
            staff_no=one.staff_no,
            name=one.name,
            unit_code=one.unit_code,
            unit_name=one.unit_name,
            counts=[(line, one.lines.get(line.value, 0)) for line in lines],
            present=one.present,
            cap=one.cap,
            is_full=one.cap is not None and one.present >= one.cap,
        )
        for one in load.managers
    ]
