"""What the acts and subjects of intake are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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

label("import.receive", _("上传导入文件"))
label("import.map", _("对照导入列并预检"))
label("import.ask", _("提交导入签收"))
label("import.start", _("开始导入"))
label("import.sign", _("签收导入"))
label("import.stop", _("停止导入"))
label("import.resume", _("继续导入"))
label("import.withdraw", _("放弃导入"))
label("import.apply", _("完成导入"))
label("import.revert", _("撤销导入"))
label("import.reverted", _("完成撤销导入"))
label("import.errors", _("下载导入错误文件"), is_reading=True)
label(Right.CUSTOMER_IMPORT, Right.CUSTOMER_IMPORT.label)
label("customer_import.open", _("打开导入"))
label("customer_import", pgettext_lazy("审计对象", "导入"))
label("import_row_list", _("导入的行列表"))

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
