"""Code lists of the ownership room (管户)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Act(TextChoices):
    """What changes an owner (管户变动); an owner that was begun by one bears it as its reason. Source: PSB-012."""

    ASSIGN = "assign", _("建立客户关系")
    ADJUST = "adjust", _("调整客户关系")
    DISSOLVE = "dissolve", _("解除客户关系")
    GIVE_BACK = "give_back", _("退回待分配池")
    CLAIM = "claim", pgettext_lazy("管户变动", "认领")
    HAND_OVER = "hand_over", _("离岗移交")
    REASSIGN = "reassign", _("批量调整")
    BELONG = "belong", _("按归属规则调整")


SINGLE = (Act.ASSIGN, Act.ADJUST, Act.DISSOLVE, Act.GIVE_BACK)
"""Acts on one customer in one line, decided on a page of their own."""

MANY = (Act.HAND_OVER, Act.REASSIGN, Act.BELONG)
"""Acts on many at once: planned, looked at, done by a job, and undone within the time for it."""

OVERFLOW, UNDO = "overflow", "undo"
"""Reasons besides: the manager's cap was reached; an act was undone."""


class TransferState(TextChoices):
    """How a change of owners stands."""

    DRAFT = "draft", pgettext_lazy("管户变动", "待分配")
    PENDING = "pending", _("审批中")
    RUNNING = "running", pgettext_lazy("管户变动", "正在办理")
    DONE = "done", pgettext_lazy("管户变动", "已办理")
    REFUSED = "refused", pgettext_lazy("管户变动", "未通过")
    UNDOING = "undoing", pgettext_lazy("管户变动", "正在撤销")
    UNDONE = "undone", pgettext_lazy("管户变动", "已撤销")


class Outcome(TextChoices):
    """What became of one customer of a change."""

    WAITING = "waiting", pgettext_lazy("管户变动结果", "未办理")
    MOVED = "moved", pgettext_lazy("管户变动结果", "已变更")
    POOLED = "pooled", pgettext_lazy("管户变动结果", "超上限，转入待分配池")
    SAME = "same", pgettext_lazy("管户变动结果", "原已如此")
    SKIPPED = "skipped", pgettext_lazy("管户变动结果", "他人已先变更")
    RESTORED = "restored", pgettext_lazy("管户变动结果", "已恢复")
    KEPT = "kept", pgettext_lazy("管户变动结果", "之后又有变更，未恢复")


class BelongingState(TextChoices):
    """How a proposal of the belonging rule stands."""

    OPEN = "open", pgettext_lazy("归属建议", "待确认")
    TAKEN = "taken", pgettext_lazy("归属建议", "已采纳")
    DECLINED = "declined", pgettext_lazy("归属建议", "不采纳")
    OUTDATED = "outdated", pgettext_lazy("归属建议", "已过时")
