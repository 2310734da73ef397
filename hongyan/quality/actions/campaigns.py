"""Campaigns of completion (补录活动): drawn up and counted, begun, closed. Tasks end by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.customer.codes import PartyType
from hongyan.customer.queries.ranges import find_unit
from hongyan.desk.actions.notifications import notify
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.models import Unit
from hongyan.quality.codes import CampaignState, Item, TaskState
from hongyan.quality.models import Campaign, CampaignTask
from hongyan.quality.parameters import MOST_MEMBERS
from hongyan.quality.queries.campaigns import candidates, find_campaign

LONGEST_NAME = 60
BATCH = 2000


def draw_up(
    viewer: Viewer, *, name: str, items: Collection[str], due_on: date, unit_code: str = "", party_type: str = "",
    line: str = "",
) -> Campaign:  # fmt: skip
    """Draw up a campaign for the viewer's unit or one beneath it; nobody hears of it until it begins.

    Errors: NotAllowed without the right; Invalid for no name, nothing asked for, a day that is past, or an unknown
    part or unit.
    """
    _ask_right(viewer)
    unit = find_unit(viewer, unit_code or viewer.unit_code)
    problems = {}
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        problems["name"] = _("名称为 1 至 {count} 个字").format(count=LONGEST_NAME)
    if not items or not set(items) <= set(Item.values):
        problems["items"] = _("请选择")
    if due_on < clock.business_date():
        problems["due_on"] = _("截止日期已经过去")
    if party_type not in ("", *PartyType.values):
        problems["party_type"] = _("请选择")
    if line not in ("", *Line.values):
        problems["line"] = _("请选择")
    if unit is None:
        problems["unit_code"] = _("没有这个机构，或不在您的数据范围内")
    if problems or unit is None:
        raise Invalid(problems)
    require_no_numbers(name=name)
    with transaction.atomic():
        campaign = Campaign.objects.create(
            name=name.strip(),
            items=[item for item in Item.values if item in items],
            party_type=party_type,
            line=line,
            unit=Unit.objects.get(code=unit.code),
            org_no=unit.span.lo,
            due_on=due_on,
            maker_id=viewer.staff_id,
            made_at=clock.now(),
        )
        audit.record(
            viewer.actor, "campaign.drawn_up", "campaign", campaign.number,
            after={"items": campaign.items, "unit": unit.code, "due_on": due_on, "type": party_type, "line": line},
        )  # fmt: skip
    return campaign


def begin(viewer: Viewer, campaign_id: int) -> Campaign:
    """Make a task of every customer who lacks something, and tell their managers.

    Errors: NotAllowed; NotFound; Conflict when it began already; Invalid for nobody, or too many.
    """
    _ask_right(viewer)
    with transaction.atomic():
        campaign = _held(viewer, campaign_id, CampaignState.DRAFT)
        rows = candidates(viewer, campaign)
        most = int(value_of(MOST_MEMBERS, units=viewer.unit_chain))
        found = list(rows.values_list("customer_id", "org_no", "manager_id")[: most + 1])
        if not found:
            raise Invalid({"": _("没有需要补录的客户。")})
        if len(found) > most:
            raise Invalid({"": _("超过 {most} 位客户，请缩小范围。").format(most=f"{most:,}")})
        CampaignTask.objects.bulk_create(
            (
                CampaignTask(campaign=campaign, customer_id=customer, org_no=org_no, manager_id=manager)
                for customer, org_no, manager in found
            ),
            batch_size=BATCH,
        )
        campaign.state, campaign.started_at, campaign.members = CampaignState.RUNNING, clock.now(), len(found)
        campaign.save(update_fields=["state", "started_at", "members"])
        audit.record(viewer.actor, "campaign.begun", "campaign", campaign.number, count=len(found))
        for staff_no, count in _managers(campaign):
            url = f"{reverse('quality:tasks')}?keeper=mine&campaign={campaign.pk}"
            notify(staff_no, "quality.tasks", {"number": campaign.number, "count": count}, url=url)
    return campaign


def close(viewer: Viewer, campaign_id: int) -> Campaign:
    """End a campaign and keep what came of it. Errors: NotAllowed; NotFound; Conflict when it does not run."""
    _ask_right(viewer)
    with transaction.atomic():
        campaign = _held(viewer, campaign_id, CampaignState.RUNNING)
        _close(campaign)
        audit.record(
            viewer.actor, "campaign.closed", "campaign", campaign.number,
            after={"members": campaign.members, "done": campaign.done},
        )  # fmt: skip
    return campaign


def close_overdue() -> int:
    """Close the campaigns whose last day is over, and tell who drew them up; answers how many."""
    with scope.bulk():
        over = Campaign.objects.filter(state=CampaignState.RUNNING, due_on__lt=clock.business_date())
        campaigns = list(over.select_related("maker").select_for_update(of=("self",)))
        for campaign in campaigns:
            _close(campaign)
            params = {"number": campaign.number, "done": campaign.done, "members": campaign.members}
            url = reverse("quality:campaign", args=[campaign.pk])
            notify(campaign.maker.staff_no, "quality.closed", params, url=url)
        return len(campaigns)


def _close(campaign: Campaign) -> None:
    with scope.bulk():
        campaign.done = CampaignTask.objects.filter(campaign=campaign, state=TaskState.DONE).count()
    campaign.state, campaign.closed_at = CampaignState.CLOSED, clock.now()
    campaign.save(update_fields=["state", "closed_at", "done"])


def _managers(campaign: Campaign) -> Iterator[tuple[str, int]]:
    counted = CampaignTask.objects.filter(campaign=campaign, manager__isnull=False).order_by()
    yield from (
        counted.values_list("manager__staff_no").annotate(count=Count("id")).order_by("manager__staff_no")
    )


def _held(viewer: Viewer, campaign_id: int, state: CampaignState) -> Campaign:
    """The campaign, held, in a state. Errors: NotFound, for one of a unit above too; Conflict."""
    campaign = find_campaign(viewer, campaign_id, for_update=True)
    if campaign.state != state:
        raise Conflict(
            "campaign",
            _("{number} 已是“{state}”。").format(number=campaign.number, state=campaign.get_state_display()),
        )
    return campaign


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.QUALITY_LEAD):
        raise NotAllowed(Right.QUALITY_LEAD)
