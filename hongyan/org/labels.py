"""What the acts and subjects of the organisation room are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("api_token.make", _("新建接口令牌"))
label("api_token.revoke", _("撤销接口令牌"))
label("audit.export", _("导出审计"))
label("audit.log_ins", _("查看登录日志"))
label("audit.read", _("查看审计"))
label("audit.verify", _("验证审计"))
label("calendar.confirm", _("确认一年的工作日历"))
label("calendar.seed", _("装入法定节假日"))
label("calendar.set", _("修改工作日"))
label("keys.add", _("添加数据密钥"))
label("keys.drop", _("移除数据密钥"))
label("keys.rotate", _("轮换数据密钥"))
label("org.demo_account", _("开通演示账号"))
label("org.take_in_posts", _("接入人员与岗位"))
label("org.take_in_units", _("接入机构"))
label("parameter.set", _("修改参数"))
label("parameter.withdraw", _("撤回参数值"))
label("post.switch", _("切换岗位"))
label("staff.issue_activation", _("发放激活码"))
label("staff.language", _("切换语言"))
label("staff.set_password", _("设置密码"))
label("staff.set_up_factor", _("启用两步验证"))
label("staff.suspend", _("停用长期未登录的账号"))

# what is refused at a door is written under the right that was missing, or under "<kind>.open"
for right in (
    Right.ORG_READ,
    Right.PARAMETER_READ,
    Right.PARAMETER_EDIT,
    Right.CALENDAR_EDIT,
    Right.STAFF_ACTIVATE,
):
    label(right, right.label)
label("parameter.open", _("打开参数"))
label("staff.open", _("打开人员"))
label("unit.open", _("打开机构"))
label("verification.open", _("打开审计验证"))
label("audit.open", _("打开审计记录"))

label("api_token", _("接口令牌"))
label("audit", pgettext_lazy("审计对象", "审计"))
label("calendar_day", pgettext_lazy("审计对象", "工作日"))
label("calendar_year", pgettext_lazy("审计对象", "年份"))
label("calendar_day.open", _("打开工作日"))
label("key", _("数据密钥"))
label("log_ins", _("登录日志"))
label("parameter", pgettext_lazy("审计对象", "参数"))
label("post", pgettext_lazy("审计对象", "岗位"))
label("staff", pgettext_lazy("审计对象", "人员"))
label("unit", pgettext_lazy("审计对象", "机构"))
label("address", _("页面地址"))
label("verification", _("审计验证"))
