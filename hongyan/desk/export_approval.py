"""Exports as a thing that takes approval (导出审批): the facts a checker decides by, and who checks how much."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core.errors import NotFound
from hongyan.desk import exports
from hongyan.desk.codes import EXPORT_KIND
from hongyan.desk.models import Export
from hongyan.desk.panels import format_of, purpose_of, told_conditions
from hongyan.desk.queries.exports import taken_today
from hongyan.org import approvals
from hongyan.org.codes import Level, Viewer
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.ui import cells

BY_HEADQUARTERS = Decimal(100_000)
"""More rows than this are decided at headquarters; a default, since the route is a parameter."""


def export_facts(viewer: Viewer, subject: str) -> Sequence[approvals.Fact]:
    """What is to be taken away: by whom, which list, how much, what for. Errors: NotFound out of scope."""
    export = Export.objects.filter(pk=int(subject)).first()
    if export is None:
        raise NotFound("export", subject)
    return [
        (_("列表"), exports.label_of(export.list_key)),
        (_("行数"), cells.number(export.rows)),
        (_("已选条件"), told_conditions(viewer, export)),
        (_("用途"), purpose_of(export)),
        (_("说明"), export.note),
        (_("格式"), format_of(export)),
        (_("申请人今天已申请导出"), _("{rows} 行").format(rows=f"{taken_today(export.owner):,}")),
    ]


approvals.register(
    approvals.Kind(
        EXPORT_KIND,
        pgettext_lazy("审批事项", "导出"),
        facts=export_facts,
        route=(
            Check(1, (HEAD,), level=Level.COUNTY, upto=BY_HEADQUARTERS),
            Check(1, (HEAD,), level=Level.GROUP, over=BY_HEADQUARTERS),
        ),
    )
)
