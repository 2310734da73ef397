"""How owners came about, in words (管户由来)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.ownership.codes import OVERFLOW, UNDO, Act

Text = str | Promise

_REASONS: Mapping[str, Text] = {
    "first_relationship": _("首个业务关系"),
    "higher_kind": _("客户类别更高的业务关系"),
    "relationship_moved": _("来源系统变更"),
    "split": _("拆分客户"),
    OVERFLOW: _("客户经理已到上限"),
    UNDO: _("撤销管户变动"),
    **{act.value: act.label for act in Act},
}


def reason_words(reason: str) -> str:
    """What an owner rests on."""
    return str(_REASONS.get(reason, reason))
