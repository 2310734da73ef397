"""Decisions that somebody takes again without knowing the first (抽检), and what their agreement says about all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from hongyan.core.errors import NotFound
from hongyan.customer.codes import CASE_BANDS, CaseState, PairVerdict
from hongyan.customer.models import Customer, Link, SecondLook, SourceParty, SourceRecord
from hongyan.customer.queries.cases import PAIR, Side, case_view, side_of
from hongyan.customer.rules.sampling import Estimate, wilson
from hongyan.org.codes import Viewer


def looks_of(viewer: Viewer) -> QuerySet[SecondLook]:
    """The checks in a viewer's scope. Expected index: `second_look_org`."""
    looks = SecondLook.objects.all()
    return (
        looks if viewer.scope.everything else looks.filter(org_no__range=(viewer.scope.lo, viewer.scope.hi))
    )


def waiting_looks(viewer: Viewer) -> QuerySet[SecondLook]:
    """Those that wait for the viewer, the oldest first: neither their own decisions nor what was taken back."""
    waiting = looks_of(viewer).filter(second="").exclude(case__state=CaseState.OPEN)
    return waiting.exclude(first_by__in=names_of(viewer)).order_by("drawn_at", "id")


def names_of(viewer: Viewer) -> list[str]:
    """The staff numbers under which a viewer decides: their own, and whose post they act in."""
    return [viewer.staff_no, *([viewer.holder.staff_no] if viewer.holder else ())]


def find_look(viewer: Viewer, look_id: int) -> SecondLook:
    """One check. Errors: NotFound out of scope."""
    told = ("case__row", *(f"case__{one}" for one in PAIR), "link__customer__survivor")
    look = looks_of(viewer).select_related(*told).filter(pk=look_id).first()
    if look is None:
        raise NotFound("second_look", look_id)
    return look


def sides_of(look: SecondLook) -> tuple[Side, Side]:
    """What is to be compared: the two sides of the case as it was decided, or the party and whom it joined."""
    if look.case is not None:
        return case_view(look.case.row).sides
    assert look.link is not None
    return _sides_of_link(look.link)


def _sides_of_link(link: Link) -> tuple[Side, Side]:
    """The party that joined, and who stood under the code then or stands there now: either may have left since."""
    customer = link.customer.survivor or link.customer
    then = Link.objects.filter(customer=link.customer, since__lte=link.since).exclude(until__lte=link.since)
    now = SourceParty.objects.filter(customer=customer)
    parties = now.values_list("pk", flat=True).union(then.values_list("party", flat=True))
    records = list(
        SourceRecord.objects.filter(party__in=list(parties), is_current=True)
        .select_related("party__customer", "party__relationship__unit", "party__relationship__manager")
        .order_by("party_id", "part")
    )
    joined = [record for record in records if record.party_id == link.party_id]
    others = [record for record in records if record.party_id != link.party_id]
    return _side_of(joined, customer), _side_of(others, customer)


def _side_of(records: Sequence[SourceRecord], joined: Customer) -> Side:
    """One side under the code where it stands now."""
    customer = records[0].party.customer if records else None
    return side_of(customer or joined, records)


@dataclass(frozen=True, slots=True)
class Precision:
    """How well decisions of one score band and one verdict held when somebody looked again.

    What joined by itself `is_automatic` and stands apart from what a person decided. Counts are of checks; `estimate`
    is the share that holds among all such decisions, None before the first check.
    """

    band: str
    is_automatic: bool
    verdict: PairVerdict
    waiting: int
    checked: int
    agreed: int
    estimate: Estimate | None

    @property
    def disagreed(self) -> int:
        """How many came out otherwise."""
        return self.checked - self.agreed


def precisions(viewer: Viewer) -> Sequence[Precision]:
    """One for each origin, band and verdict that was drawn, the highest band first. One query."""
    bands = [When(score__range=span, then=Value(number)) for number, span in enumerate(CASE_BANDS.values())]
    counted = (
        looks_of(viewer)
        .annotate(band=Case(*bands, output_field=IntegerField()), is_automatic=Q(case=None))
        .values("band", "is_automatic", "first")
        .annotate(
            waiting=Count("pk", filter=Q(second="")),
            checked=Count("pk", filter=~Q(second="")),
            agreed=Count("pk", filter=Q(second=F("first"))),
        )
        .order_by("-is_automatic", "band", "-first")
    )
    keys = list(CASE_BANDS)
    return [
        Precision(
            keys[row["band"]],
            row["is_automatic"],
            PairVerdict(row["first"]),
            row["waiting"],
            row["checked"],
            row["agreed"],
            wilson(row["agreed"], row["checked"]),
        )
        for row in counted
        if row["band"] is not None
    ]
