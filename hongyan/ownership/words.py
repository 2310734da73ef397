"""How owners came about, in words (管户由来)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.ownership.codes import OVERFLOW, UNDO, Act
from hongyan.ownership.rules import Step

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


STEPS: Mapping[int, Text] = {
    Step.ONLY: _("只在这个网点有账户"),
    Step.TOTAL: _("日均资产负债最大"),
    Step.ASSETS: _("日均资产负债相同，日均资产最大"),
    Step.EARLIEST: _("日均余额相同，最早开户"),
    Step.TIE: _("完全相同，取代码最小的网点"),
}


def step_words(step: int) -> str:
    """Why a customer of the bank belongs to an outlet."""
    return str(STEPS[step])
