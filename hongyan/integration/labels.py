"""What the acts and subjects of intake are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("intake.apply", _("装载批次"))
label("intake.beyond_scope", _("签收超出数据范围的批次"))
label("intake.describe", _("登记系统接入状态"))
label("intake.dismiss", _("放弃隔离行"))
label("intake.hold_back", _("合计不符，批次不予完成"))
label("intake.open_row", _("查看隔离行"), is_reading=True)
label("intake.receive", _("接收文件"))
label("intake.refuse", _("整批拒收"))
label("intake.resume", _("继续处理批次"))
label("intake.retry", _("所属客户已接入，自动重发隔离行"))
label("intake.reveal", _("查看隔离行原文"), is_reading=True)
label("intake.stop", _("停止处理批次"))
label("intake.withdraw", _("撤回批次"))

# signing and mending bear the names of their rights; what is refused is written under the right that was missing
for right in (Right.INTAKE_READ, Right.INTAKE_LOAD, Right.INTAKE_MEND, Right.INTAKE_SIGN):
    label(right, right.label)
label("delivery.open", _("打开批次"))
label("quarantined_row.open", _("打开隔离行"))
label("system.open", _("打开来源系统"))

label("delivery", _("批次"))
label("quarantine_list", _("隔离行列表"))
label("quarantined_row", _("隔离行"))
label("record_list", _("采用记录列表"))
label("system", _("来源系统"))
