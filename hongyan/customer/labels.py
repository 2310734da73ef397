"""What the acts and subjects of the customer room are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("customer.copy_codes", _("复制客户编码"))
label("customer.recalculate", pgettext_lazy("审计操作", "重新计算客户"))
label("customer.open", pgettext_lazy("审计操作", "打开客户"))

# revealing bears the name of its right; what is refused is written under the right that was missing
for right in (Right.CUSTOMER_READ, Right.CUSTOMER_REVEAL):
    label(right, right.label)
label("customer_field.open", _("查看客户信息项"))
label("customer_tab.open", _("打开客户标签页"))
label("source_record.open", _("打开来源记录"))

label("customer", pgettext_lazy("审计对象", "客户"))
label("customer_field", _("客户信息项"))
label("customer_list", _("客户列表"))
label("customer_tab", _("客户标签页"))
label("source_record", pgettext_lazy("审计对象", "来源记录"))
