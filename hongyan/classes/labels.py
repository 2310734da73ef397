"""What the acts and subjects of classification are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core.audit import label
from hongyan.org.codes import Right

label(Right.CLASSES_RUN, Right.CLASSES_RUN.label)
label("classes.stop", _("停止客户分类"))
label("class_run", _("客户分类批次"))
label("class_move_list", _("分类变动列表"))
