"""What the acts and subjects of the organisation room are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("api_token.make", _("新建接口令牌"))
label("api_token.revoke", _("撤销接口令牌"))
label("audit.archive", _("归档审计"))
label("approval.approve", _("审批通过"))
label("approval.decide", pgettext_lazy("审计操作", "审批"))
label("approval.escalate", _("审批升级"))
label("approval.expire", _("审批超时"))
label("approval.open", _("打开审批"))
label("approval.recall", _("撤回审批申请"))
label("approval.reject", _("审批驳回"))
label("approval.submit", _("提交审批"))
label("audit.export", _("导出审计"))
label("audit.extract", _("把归档的审计取出到文件"))
label("audit.log_ins", _("查看登录日志"))
label("audit.open_archive", _("取出归档的审计"))
label("audit.read", _("查看审计"))
label("archive.open", _("打开归档的审计"))
label("audit.verify", _("验证审计"))
label("calendar.confirm", _("确认一年的工作日历"))
label("calendar.seed", _("装入法定节假日"))
label("calendar.set", _("修改工作日"))
label("list.read", _("查看列表"), is_reading=True)
label("keys.add", _("添加数据密钥"))
label("keys.drop", _("移除数据密钥"))
label("keys.rotate", _("轮换数据密钥"))
label("org.demo_account", _("开通演示账号"))
label("org.reorganised", _("执行机构调整"))
label("org.take_in_posts", _("接入人员与岗位"))
label("org.take_in_units", _("接入机构"))
label("parameter.request", _("申请修改参数"))
label("parameter.set", _("修改参数"))
label("parameter.withdraw", _("撤回参数值"))
label("delegation.end", _("结束代理"))
label("delegation.give", _("委托代理"))
label("post.end", _("结束岗位"))
label("post.grant", _("授予岗位"))
label("post.switch", _("切换岗位"))
label("staff.issue_activation", _("发放激活码"))
label("staff.language", _("切换语言"))
label("staff.request", _("申请办理账号"))
label("staff.set_password", _("设置密码"))
label("staff.set_up_factor", _("启用两步验证"))
label("staff.suspend", _("停用长期未登录的账号"))

# what is refused at a door is written under the right that was missing, or under "<kind>.open"
for right in (
    Right.ORG_READ,
    Right.ORG_EXPORT,
    Right.PARAMETER_READ,
    Right.CALENDAR_EDIT,
    Right.ALERT_READ,
    Right.EXCEPTION_HANDLE,
    Right.POST_REQUEST,
    Right.REORGANISE,
):
    label(right, right.label)
label(Right.PARAMETER_EDIT, _("无权修改参数"))
label(Right.STAFF_ACTIVATE, _("无权发放激活码"))
label("exception.open", _("打开异常"))
label("parameter.open", _("打开参数"))
label("delegation.open", _("打开代理"))
label("post.open", _("打开岗位"))
label("reorganisation.open", _("打开机构调整"))
label("staff.open", _("打开人员"))
label("unit.open", _("打开机构"))
label("verification.open", _("打开审计验证"))
label("audit.open", _("打开审计记录"))

label("api_token", _("接口令牌"))
label("approval", pgettext_lazy("审计对象", "审批"))
label("archive", pgettext_lazy("审计对象", "归档的审计"))
label("audit", pgettext_lazy("审计对象", "审计"))
label("audit_archive", pgettext_lazy("审计对象", "取出的审计"))
label("calendar_day", pgettext_lazy("审计对象", "工作日"))
label("calendar_year", pgettext_lazy("审计对象", "年份"))
label("calendar_day.open", _("打开工作日"))
label("key", _("数据密钥"))
label("log_ins", _("登录日志"))
label("delegation", pgettext_lazy("审计对象", "代理"))
label("parameter", pgettext_lazy("审计对象", "参数"))
label("post", pgettext_lazy("审计对象", "岗位"))
label("reorganisation", pgettext_lazy("审计对象", "机构调整"))
label("staff", pgettext_lazy("审计对象", "人员"))
label("unit", pgettext_lazy("审计对象", "机构"))
label("address", _("页面地址"))
label("alert_list", _("查阅告警列表"))
label("exception", pgettext_lazy("审计对象", "异常"))
label("verification", _("审计验证"))
