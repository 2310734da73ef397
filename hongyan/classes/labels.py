"""What the acts and subjects of classification are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core.audit import label
from hongyan.org.codes import Right

label(Right.CLASSES_RUN, Right.CLASSES_RUN.label)
for right in (Right.BLACKLIST_READ, Right.BLACKLIST_EDIT):
    label(right, right.label)
label("blacklist.enter", _("列入黑名单"))
label("blacklist.ask_lift", _("申请解除黑名单"))
label("blacklist.lift", _("解除黑名单"))
label("blacklist", _("黑名单"))
label("blacklist_list", _("黑名单列表"))
for right in (Right.TAG_EDIT, Right.TAG_SET):
    label(right, right.label)
label("tag.retire", _("停用标签"))
label("tag.unset", _("取下标签"))
label("tag", _("标签"))
label("classes.stop", _("停止客户分类"))
label("class_run", _("客户分类批次"))
label("class_move_list", _("分类变动列表"))
