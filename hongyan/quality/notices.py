"""Messages about campaigns of completion, and about files that end."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.desk.notices import Family, declare, register

COMPLETION = declare(Family("completion", pgettext_lazy("通知", "资料补录")))

register(
    "quality.tasks",
    lambda params: _("补录活动 {number}：您有 {count} 位客户待补录").format(**params),
    family=COMPLETION,
)
register(
    "quality.files",
    lambda params: _("您的客户有 {count} 份文件将在 {days} 天内到期").format(**params),
    family=COMPLETION,
)
register(
    "quality.closed",
    lambda params: _("补录活动 {number} 已到期结束：{members} 位客户补录了 {done} 位").format(**params),
    family=COMPLETION,
)
