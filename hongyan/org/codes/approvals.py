"""How requests for approval stand, and what is told of them (审批, SM13)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApprovalState(TextChoices):
    """How a request for approval stands (审批状态), SM13. All but the first are final."""

    PENDING = "pending", _("审批中")
    APPROVED = "approved", pgettext_lazy("审批状态", "通过")
    REJECTED = "rejected", _("驳回")
    RECALLED = "recalled", _("撤回")
    EXPIRED = "expired", _("超时")


class StepState(TextChoices):
    """How one group of checkers stands; a group lapses when the request is settled without it."""

    WAITING = "waiting", pgettext_lazy("审批步骤", "未到")
    OPEN = "open", pgettext_lazy("审批步骤", "待审批")
    APPROVED = "approved", pgettext_lazy("审批步骤", "通过")
    REJECTED = "rejected", pgettext_lazy("审批步骤", "驳回")
    EXPIRED = "expired", pgettext_lazy("审批步骤", "超时")
    LAPSED = "lapsed", pgettext_lazy("审批步骤", "不再需要")


class ApprovalAct(TextChoices):
    """What happened to a request, in the order of its history."""

    SUBMIT = "submit", pgettext_lazy("审批动作", "提交")
    APPROVE = "approve", pgettext_lazy("审批动作", "通过")
    REJECT = "reject", pgettext_lazy("审批动作", "驳回")
    RECALL = "recall", pgettext_lazy("审批动作", "撤回")
    ESCALATE = "escalate", pgettext_lazy("审批动作", "升级")
    EXPIRE = "expire", pgettext_lazy("审批动作", "超时")


class Verdict(TextChoices):
    """What a checker says."""

    APPROVE = ApprovalAct.APPROVE.value, pgettext_lazy("审批动作", "通过")
    REJECT = ApprovalAct.REJECT.value, pgettext_lazy("审批动作", "驳回")


class Risk(IntegerChoices):
    """How much a wrong decision would cost; only low risk may be approved in a batch."""

    LOW = 1, pgettext_lazy("风险", "低")
    NORMAL = 2, pgettext_lazy("风险", "一般")
    HIGH = 3, pgettext_lazy("风险", "高")


class Joins(TextChoices):
    """How groups of one step join: all have to agree, or any one of them suffices."""

    ALL = "all", pgettext_lazy("并行审批", "全部通过")
    ANY = "any", pgettext_lazy("并行审批", "任一通过")


class OnTimeout(TextChoices):
    """What follows when nobody decided in time."""

    ESCALATE = "escalate", pgettext_lazy("超时处理", "升级")
    REJECT = "reject", pgettext_lazy("超时处理", "自动驳回")


class Asked(TextChoices):
    """Why checkers are asked: their step began, or it came up from a level below."""

    BEGUN = "begun", pgettext_lazy("审批通知", "待审批")
    ESCALATED = "escalated", pgettext_lazy("审批通知", "升级而来")


@dataclass(frozen=True, slots=True)
class ApprovalSubmitted:
    """Event: somebody asked for approval; `subject` is an id or code of the kind's owner."""

    approval_id: int
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """Event: these people, by staff number, can decide now; the first of them settles the step."""

    approval_id: int
    kind: str
    checkers: tuple[str, ...]
    why: Asked


@dataclass(frozen=True, slots=True)
class ApprovalReminded:
    """Event: a step is almost over and these people, by staff number, can still decide."""

    approval_id: int
    kind: str
    checkers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """Event: a request reached its end; the owner of the kind acts on it in the same transaction."""

    approval_id: int
    kind: str
    subject: str
    state: ApprovalState
