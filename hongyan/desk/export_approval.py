"""Exports as a thing that takes approval (导出审批): the facts a checker decides by, and who checks how much."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.clock import business_date
from hongyan.core.errors import NotFound
from hongyan.desk import exports
from hongyan.desk.codes import EXPORT_KIND
from hongyan.desk.models import Export
from hongyan.desk.panels import format_of, purpose_of, told_conditions
from hongyan.desk.queries.exports import taken_on
from hongyan.org import approvals
from hongyan.org.codes import Level, Viewer
from hongyan.org.rules.approvals import HEAD, Check

BY_HEADQUARTERS = Decimal(100_000)
"""More rows than this are decided at headquarters; a default, since the route is a parameter."""


def export_facts(viewer: Viewer, subject: str) -> Sequence[approvals.Fact]:
    """What is to be taken away, and what for; how much and why the request says. Errors: NotFound out of scope."""
    export = Export.objects.filter(pk=int(subject)).first()
    if export is None:
        raise NotFound("export", subject)
    taken = taken_on(business_date(export.at), export.owner)
    return [
        (_("列表"), exports.label_of(export.list_key)),
        (_("已选条件"), told_conditions(viewer, export)),
        (_("用途"), purpose_of(export)),
        (_("格式"), format_of(export)),
        (
            _("申请人当天申请导出"),
            _("{rows} 行，其中 {freely} 行不用审批").format(
                rows=f"{taken.rows:,}", freely=f"{taken.freely:,}"
            ),
        ),
    ]


def exports_asked(subjects: Collection[str]) -> dict[str, str]:
    """Which list, how many rows, what for."""
    return {
        str(export.pk): _("{list}，{rows} 行，{purpose}").format(
            list=exports.label_of(export.list_key), rows=f"{export.rows:,}", purpose=purpose_of(export)
        )
        for export in Export.objects.filter(pk__in=subjects)
    }


approvals.register(
    approvals.Kind(
        EXPORT_KIND,
        pgettext_lazy("审批事项", "导出"),
        facts=export_facts,
        asked=exports_asked,
        amount_label=gettext_lazy("行数"),
        route=(
            Check(1, (HEAD,), level=Level.COUNTY, upto=BY_HEADQUARTERS),
            Check(1, (HEAD,), level=Level.GROUP, over=BY_HEADQUARTERS),
        ),
    )
)
