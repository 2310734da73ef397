"""Campaigns of completion, their members, and how far they are, as a viewer may see them (补录活动查询)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from hongyan.core.errors import NotFound
from hongyan.customer.models import ListRow
from hongyan.customer.queries.ranges import UnitChoice, find_unit, rows_of
from hongyan.org.codes import Viewer
from hongyan.org.models import Place
from hongyan.quality.codes import CampaignState, Flaw, TaskState
from hongyan.quality.models import Campaign, CampaignTask, CustomerQuality


def campaigns_of(viewer: Viewer) -> QuerySet[Campaign]:
    """Those of the viewer's unit and of units beneath it."""
    campaigns = Campaign.objects.select_related("unit", "maker")
    if viewer.scope.everything:
        return campaigns
    return campaigns.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))


def running_campaigns(viewer: Viewer) -> QuerySet[Campaign]:
    """Those that run and may ask for customers of the viewer's scope: of units above too, by name alone."""
    running = Campaign.objects.filter(state=CampaignState.RUNNING)
    if viewer.scope.everything:
        return running
    beneath = Q(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    return running.filter(beneath | Q(unit_id__in=list(viewer.unit_chain)))


def find_campaign(viewer: Viewer, campaign_id: int, *, for_update: bool = False) -> Campaign:
    """One campaign. Errors: NotFound for none, or one of a unit elsewhere."""
    campaigns = campaigns_of(viewer)
    if for_update:
        campaigns = campaigns.select_for_update(of=("self",))
    campaign = campaigns.filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound("campaign", campaign_id)
    return campaign


def candidates(viewer: Viewer, campaign: Campaign) -> QuerySet[ListRow]:
    """The customers a campaign would have if it began now: of its unit, who lack or have amiss what it asks for.

    One list row each. Errors: NotFound for a unit out of the viewer's scope.
    """
    wanted = [f"{flaw.value}.{item}" for flaw in Flaw for item in campaign.items]
    lacking = CustomerQuality.objects.filter(gaps__overlap=wanted)
    rows = rows_of(viewer, unit_of(viewer, campaign)).filter(customer_id__in=lacking.values("customer_id"))
    if campaign.party_type:
        rows = rows.filter(party_type=campaign.party_type)
    return rows.filter(line_codes__contains=campaign.line) if campaign.line else rows


def unit_of(viewer: Viewer, campaign: Campaign) -> UnitChoice:
    """The campaign's unit. Errors: NotFound out of scope."""
    unit = find_unit(viewer, campaign.unit.code)
    if unit is None:
        raise NotFound("unit", campaign.unit.code)
    return unit


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """How far an outlet is."""

    name: str
    members: int
    done: int


def planned_by_unit(viewer: Viewer, campaign: Campaign) -> list[UnitProgress]:
    """Whom a draft would ask for, outlet by outlet. One query besides the unit's."""
    counted = candidates(viewer, campaign).values("unit_name").annotate(members=Count("customer_id"))
    return [UnitProgress(row["unit_name"], row["members"], 0) for row in counted.order_by("unit_name")]


def progress_by_unit(viewer: Viewer, campaign: Campaign) -> list[UnitProgress]:
    """How far a campaign is in the viewer's scope, outlet by outlet. One query."""
    places = Place.objects.filter(lo=OuterRef("org_no"))
    name = Coalesce(NullIf("unit__short_name", Value("")), "unit__name")
    counted = (
        tasks_in_scope(viewer)
        .filter(campaign=campaign)
        .order_by()
        .values("org_no")
        .annotate(
            name=Subquery(places.annotate(called=name).values("called")[:1]),
            members=Count("id"),
            finished=Count("id", filter=Q(state=TaskState.DONE)),
        )
    )
    return [
        UnitProgress(row["name"] or "", row["members"], row["finished"]) for row in counted.order_by("org_no")
    ]


def tasks_in_scope(viewer: Viewer) -> QuerySet[CampaignTask]:
    """Tasks of outlets in the viewer's scope."""
    tasks = CampaignTask.objects.all()
    if viewer.scope.everything:
        return tasks
    return tasks.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))


def running_tasks(viewer: Viewer) -> QuerySet[CampaignTask]:
    """Tasks of campaigns that run, with customer, manager and campaign."""
    running = tasks_in_scope(viewer).filter(campaign__state=CampaignState.RUNNING)
    return running.select_related("customer", "manager", "campaign")


def sums(progress: Sequence[UnitProgress]) -> tuple[int, int]:
    """Members and those done, of all outlets."""
    return sum(one.members for one in progress), sum(one.done for one in progress)
