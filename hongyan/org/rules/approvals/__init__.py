"""Decisions about approvals (审批, SM13): which checks a request takes, how it runs its course, who may decide. Pure.

提交 → 审批中 → 通过 | 驳回 | 撤回 | 超时
"""

from __future__ import annotations

from hongyan.org.rules.approvals.bars import NO_PARTIES, Bar, Hands, Parties, bar
from hongyan.org.rules.approvals.course import Course, Group, begun, decided, expired, recalled, remind_after
from hongyan.org.rules.approvals.route import (
    HEAD,
    WHO,
    Check,
    Fault,
    checks_for,
    first_fault,
    roles_at,
    words_for,
)

__all__ = [
    "HEAD",
    "NO_PARTIES",
    "WHO",
    "Bar",
    "Check",
    "Course",
    "Fault",
    "Group",
    "Hands",
    "Parties",
    "bar",
    "begun",
    "checks_for",
    "decided",
    "expired",
    "first_fault",
    "recalled",
    "remind_after",
    "roles_at",
    "words_for",
]
