"""What the acts and subjects of the desk are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("saved_view.change", _("修改视图"))
label("saved_view.create", _("保存视图"))
label("saved_view.delete", _("删除视图"))
label("saved_view.open", _("打开视图"))
label("export.cancelled", _("取消导出"))
label("export.deleted", _("删除到期的导出文件"))
label("export.downloaded", _("下载导出文件"))
label("export.requested", _("申请导出"))
label("export.written", _("生成导出文件"))
label("export.open", _("打开导出"))
label("export_file.open", _("打开导出文件"))
label("export_list.open", _("打开可导出的列表"))
label("schedule.created", _("设置定时报表"))
label("schedule.ended", _("删除定时报表"))
label("schedule.open", _("打开定时报表"))
label("schedule.paused", _("暂停定时报表"))
label("schedule.resumed", _("恢复定时报表"))
label("mass.choose", _("选择要批量修改的行"))
label("mass.start", _("批量修改"))
label("mass.stop", _("停止批量修改"))
label("mass.go_on", _("继续批量修改"))
label("mass.undo", _("撤销批量修改"))
label("mass_run", pgettext_lazy("审计对象", "批量修改单"))
label("mass_item_list", pgettext_lazy("审计对象", "批量修改明细"))
label("note.written", _("写备注或记录通话"))
label("note.mended", _("修改备注"))
label("record.followed", _("关注记录"))
label("record.unfollowed", _("取消关注"))
label("notification.open", _("打开通知"))
label("task.made", _("新建待办"))
label("task.mended", _("修改待办"))
label("task.postponed", _("推迟待办"))
label("task.delegated", _("转交待办"))
label("task.done", _("完成待办"))
label("task.dropped", _("放弃待办"))
label("task.open", _("打开待办"))
label("work.done", _("办完今日的事"))
label("work.postponed", _("推迟今日的事"))
label("work.delegated", _("转交今日的事"))
label("work.refused", _("说明今日的事不合适"))
label("work_item.open", _("打开今日的事"))

# a refused share is written under the right that was missing
label(Right.VIEW_SHARE, Right.VIEW_SHARE.label)
label(Right.NOTE_WRITE, Right.NOTE_WRITE.label)
label(Right.TASK_ASSIGN, Right.TASK_ASSIGN.label)

label("export", pgettext_lazy("审计对象", "导出"))
label("export_file", pgettext_lazy("审计对象", "导出文件"))
label("export_list", pgettext_lazy("审计对象", "可导出的列表"))
label("schedule", pgettext_lazy("审计对象", "定时报表"))
label("saved_view", pgettext_lazy("审计对象", "视图"))
label("notification", pgettext_lazy("审计对象", "通知"))
label("task", pgettext_lazy("审计对象", "待办"))
label("task_list", pgettext_lazy("审计对象", "待办列表"))
label("work_item", pgettext_lazy("审计对象", "今日的事"))
label("work_list", pgettext_lazy("审计对象", "今日列表"))
