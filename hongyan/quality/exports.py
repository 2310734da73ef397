"""What stands in the files of data quality (导出资料质量)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import PartyType, Purpose
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import Right, Viewer
from hongyan.quality.lists import QUALITY, rows_for
from hongyan.quality.models import CustomerQuality
from hongyan.quality.words import gap_words
from hongyan.ui.lists import ListState


def _gaps(row: CustomerQuality) -> str:
    return pgettext("list separator", "、").join(gap_words(gap) for gap in row.gaps)


_COLUMNS: Columns = (
    (gettext_lazy("客户编码"), lambda row: row.customer.code),
    (gettext_lazy("名称"), lambda row: row.customer.name),
    (gettext_lazy("客户类别"), lambda row: PartyType(row.customer.party_type).label),
    (pgettext_lazy("资料质量", "得分"), lambda row: row.score),
    (pgettext_lazy("资料质量", "问题"), _gaps),
    (pgettext_lazy("资料质量", "最近更新"), lambda row: row.as_of),
    (gettext_lazy("证件有效期至"), lambda row: row.credential_until or ""),
)


def read_quality(viewer: Viewer, query: QueryDict) -> Found:
    """The customers that an address lists."""
    state = ListState.parse(QUALITY, query, viewer=viewer)
    return Found(state, state.apply(rows_for(viewer, state)), _COLUMNS)


register(
    Source(
        QUALITY.key,
        QUALITY.title,
        Right.CUSTOMER_EXPORT,
        "quality:customers",
        purposes=Purpose.choices,
        read=read_quality,
    )
)
