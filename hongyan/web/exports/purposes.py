"""What the lists of the organisation are taken away for."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

ADMINISTRATION = (
    ("roster", pgettext_lazy("机构导出", "名册核对")),
    ("review", pgettext_lazy("机构导出", "权限检查")),
    ("figures", pgettext_lazy("机构导出", "统计汇报")),
)
INSPECTION = (
    ("inspection", pgettext_lazy("审计导出", "例行检查")),
    ("investigation", pgettext_lazy("审计导出", "事件调查")),
    ("evidence", pgettext_lazy("审计导出", "监管取证")),
)
