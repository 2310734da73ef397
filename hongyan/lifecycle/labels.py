"""What the acts and subjects of the customer's life are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("application.open", _("打开客户申请"), is_reading=True)
label("application.save", _("保存客户申请草稿"))
label("application.submit", _("提交客户申请"))
label("application.withdraw", _("删除客户申请草稿"))
label("application.settle", _("办结客户申请"))
label("application.object", _("对客户申请提出异议"))
label("application.concur", _("对客户申请无异议"))
label("customer.close", _("注销客户"))
label("customer.freeze_line", _("冻结客户的业务"))
label("customer.unfreeze_line", _("解冻客户的业务"))
label("customer.reopen", _("恢复已注销的客户"))
label(Right.CUSTOMER_APPLY, Right.CUSTOMER_APPLY.label)
label(Right.CUSTOMER_OBJECT, Right.CUSTOMER_OBJECT.label)
label("application", pgettext_lazy("审计对象", "客户申请"))
label("application_list", _("客户申请列表"))
