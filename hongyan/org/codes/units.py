"""Units, their trees and levels, and the business lines (机构、层级、板块). Source: REQUIREMENTS 4.2 L06, L10."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Line(TextChoices):
    """Business line (业务板块), L06."""

    MAIL = "01", _("邮务")
    EXPRESS = "02", _("速递")
    BANK = "03", _("邮储")
    INSURANCE = "04", _("保险")
    SECURITIES = "05", _("证券")

    @property
    def colour(self) -> str:
        """The line's one colour, as the design system calls it (`--business-01` in `ui/css/tokens.css`)."""
        return f"business-{self.value}"


class Tree(TextChoices):
    """The two trees over one set of units (X-06)."""

    POSTAL = "postal", _("邮政")
    BANK = "bank", _("银行")


class Level(IntegerChoices):
    """Level of a unit in its tree, L10."""

    GROUP = 1, pgettext_lazy("机构层级", "集团")
    PROVINCE = 2, pgettext_lazy("机构层级", "省")
    CITY = 3, pgettext_lazy("机构层级", "市")
    COUNTY = 4, pgettext_lazy("机构层级", "县")
    OUTLET = 5, pgettext_lazy("机构层级", "网点")
    SEGMENT = 6, pgettext_lazy("机构层级", "段道")


class Management(TextChoices):
    """Whether a unit is run by the house itself or by an agent (PSB-004)."""

    SELF_RUN = "self", _("自营")
    AGENCY = "agency", _("代理")


class ReorganisationState(TextChoices):
    """How a reorganisation stands. One that waits is approved and its day has not come, or its job has not begun.

    One that is out of date was not carried out: on its day it was no longer what had been approved.
    """

    PENDING = "pending", pgettext_lazy("机构调整", "审批中")
    WAITING = "waiting", pgettext_lazy("机构调整", "待执行")
    DONE = "done", pgettext_lazy("机构调整", "已完成")
    REFUSED = "refused", pgettext_lazy("机构调整", "未通过")
    RECALLED = "recalled", pgettext_lazy("机构调整", "已撤回")
    FAILED = "failed", pgettext_lazy("机构调整", "未能执行")
    STALE = "stale", pgettext_lazy("机构调整", "情况已变，未执行")


@dataclass(frozen=True, slots=True)
class TreeRenumbered:
    """Event: organisation numbers changed; `moves` maps old numbers to new ones."""

    moves: dict[int, int]
