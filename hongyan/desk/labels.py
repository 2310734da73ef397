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
label("file.added", _("上传文件"))
label("file.changed", _("修改文件的说明"))
label("file.downloaded", _("下载文件"))
label("file.removed", _("拿掉文件"))
label("file.restored", _("恢复文件"))
label("file.scanned", _("扫描文件"))
label("file.viewed", _("预览文件"))
label("record_file.open", _("打开文件"))
label("record.followed", _("关注记录"))
label("record.unfollowed", _("取消关注"))
label("record.pinned", _("固定记录"))
label("record.unpinned", _("取消固定"))
label("notification.open", _("打开通知"))

# a refused share is written under the right that was missing
label(Right.VIEW_SHARE, Right.VIEW_SHARE.label)
label(Right.NOTE_WRITE, Right.NOTE_WRITE.label)
label(Right.FILE_READ, Right.FILE_READ.label)
label(Right.FILE_WRITE, Right.FILE_WRITE.label)

label("export", pgettext_lazy("审计对象", "导出"))
label("export_file", pgettext_lazy("审计对象", "导出文件"))
label("export_list", pgettext_lazy("审计对象", "可导出的列表"))
label("schedule", pgettext_lazy("审计对象", "定时报表"))
label("record_file", pgettext_lazy("审计对象", "文件"))
label("saved_view", pgettext_lazy("审计对象", "视图"))
label("notification", pgettext_lazy("审计对象", "通知"))
