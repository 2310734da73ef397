"""What the acts and subjects of the ledger are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("fact.open", _("打开业务明细"), is_reading=True)
label("ledger.map_product", _("归类来源产品"))
label("ledger.intake_withdrawn", _("撤回邮储入库"))

# an export bears the name of its right; what is refused is written under the right that was missing
for right in (Right.LEDGER_READ, Right.LEDGER_EXPORT, Right.LEDGER_CHECK, Right.PRODUCT_MAP):
    label(right, right.label)

label("bank_intake", _("邮储入库"))
label("fact", pgettext_lazy("审计对象", "业务明细"))
label("fact_list", _("业务明细列表"))
label("source_product", _("来源产品"))
label("product", pgettext_lazy("审计对象", "产品"))
