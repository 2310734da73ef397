"""Code lists of classification (客户分类). Source: BIG-i02…i05, X-24."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LINES = ("01", "02")
"""The lines whose revenue classes rest on: mail and express, which every line may see (X-17)."""


class Activity(TextChoices):
    """Whether somebody still comes (BIG-i04)."""

    ACTIVE = "active", pgettext_lazy("客户分类", "活跃")
    DORMANT = "dormant", pgettext_lazy("客户分类", "休眠")


class Worth(TextChoices):
    """Whether much is bought (BIG-i04)."""

    HIGH = "high", pgettext_lazy("客户分类", "高价值")
    LOW = "low", pgettext_lazy("客户分类", "低价值")


class Validity(TextChoices):
    """Whether anything was bought in twelve months (BIG-i04). Who came lately and bought nothing yet is neither."""

    EFFECTIVE = "effective", pgettext_lazy("客户分类", "有效")
    NEW = "new", pgettext_lazy("客户分类", "新登记")
    VOID = "void", pgettext_lazy("客户分类", "无效")


class Loss(TextChoices):
    """The gravest signal that a customer goes (BIG-i05), the gravest first."""

    YEAR = "year", pgettext_lazy("流失信号", "年流失")
    MONTH = "month", pgettext_lazy("流失信号", "月流失")
    EARLY = "early", pgettext_lazy("流失信号", "预流失")
    REDUCED = "reduced", pgettext_lazy("流失信号", "减收")


class Why(TextChoices):
    """What moved a customer into another class."""

    BUSINESS = "business", pgettext_lazy("变动原因", "业务变化")
    TIME = "time", pgettext_lazy("变动原因", "时间推移")
    RULES = "rules", pgettext_lazy("变动原因", "规则调整")


class RunState(TextChoices):
    """How far a classification of everybody is. One that another day or other rules overtook is left."""

    WORKING = "working", pgettext_lazy("分类批次", "未完成")
    DONE = "done", pgettext_lazy("分类批次", "已完成")
    LEFT = "left", pgettext_lazy("分类批次", "已作废")


class BlockReason(TextChoices):
    """Why somebody is not to be served."""

    FRAUD = "fraud", pgettext_lazy("黑名单原因", "欺诈")
    ARREARS = "arrears", pgettext_lazy("黑名单原因", "恶意欠费")
    FORBIDDEN = "forbidden", pgettext_lazy("黑名单原因", "寄递禁限寄物品")
    ABUSE = "abuse", pgettext_lazy("黑名单原因", "骚扰或恶意投诉")
    OTHER = "other", pgettext_lazy("黑名单原因", "其他")


class BlockState(TextChoices):
    """Whether an entry of the blacklist holds; one whose last day is over holds no more either."""

    HOLDS = "holds", pgettext_lazy("黑名单", "有效")
    LIFTED = "lifted", pgettext_lazy("黑名单", "已解除")


class Colour(TextChoices):
    """The colour of a tag: names of the house's tones."""

    BLUE = "info", pgettext_lazy("标签颜色", "蓝")
    GREEN = "good", pgettext_lazy("标签颜色", "绿")
    AMBER = "warn", pgettext_lazy("标签颜色", "黄")
    RED = "bad", pgettext_lazy("标签颜色", "红")
    GREY = "off", pgettext_lazy("标签颜色", "灰")


@dataclass(frozen=True, slots=True)
class Block:
    """That somebody is on the blacklist, as admission is told it: no name, no reason."""

    number: str
    lines: tuple[str, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """One question that is answered of every customer; `values` are its answers."""

    key: str
    label: str | Promise
    values: Mapping[str, str | Promise]


BEHAVIOUR = (
    Dimension("activity", pgettext_lazy("客户分类", "活跃度"), dict(Activity.choices)),
    Dimension("worth", pgettext_lazy("客户分类", "价值"), dict(Worth.choices)),
    Dimension("validity", pgettext_lazy("客户分类", "有效性"), dict(Validity.choices)),
)
LOSS = Dimension("loss", _("流失信号"), dict(Loss.choices))
RESERVED = frozenset({"activity", "worth", "validity", "loss", "tag", "blacklist"})
"""What a scheme of tiers cannot be called: these stand before the dot of other marks."""
