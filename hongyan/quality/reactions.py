"""What data quality does when rooms beneath tell something: it scores anew, and its counts follow units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.codes import CustomersAnonymised, CustomersMerged, CustomersSplit, CustomersTakenIn
from hongyan.org import numbered
from hongyan.quality.actions.empty import empty_notes
from hongyan.quality.actions.score import note_changed

numbered.follow("quality_qualitycount", _("资料质量统计"))
numbered.follow("quality_campaign", _("补录活动"))
numbered.follow("quality_campaigntask", _("补录任务"))


@on(CustomersTakenIn)
def score_taken_in(event: CustomersTakenIn) -> None:
    """Who was corrected or taken in has another score: at once for a few, else tonight."""
    note_changed(event.customer_ids)


@on(CustomersMerged)
def score_merged(event: CustomersMerged) -> None:
    """The survivor has the data of both, the other none."""
    note_changed((event.survivor_id, event.absorbed_id))


@on(CustomersSplit)
def score_split(event: CustomersSplit) -> None:
    """Each has its own again."""
    note_changed((event.remaining_id, event.parted_id))


@on(CustomersAnonymised)
def follow_anonymising(event: CustomersAnonymised) -> None:
    """Nobody can be scored any more, and what was noted of whom is empty."""
    with scope.bulk():
        empty_notes(event.customer_ids)
