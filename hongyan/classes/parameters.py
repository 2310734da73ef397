"""Parameters of classification: schemes of tiers, limits of behaviour, the size of a chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.classes.codes import RESERVED
from hongyan.classes.rules.tiers import Fault, Tier, first_fault
from hongyan.core.parameter_tables import Column, refusal
from hongyan.core.parameters import Parameter, define


def _yuan(text: str) -> str:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(_("不是数字")) from error
    if not amount.is_finite() or not 0 < amount < 10**15:
        raise ValueError(_("必须大于 0"))
    return str(amount)


def _name(text: str) -> str:
    if len(text) > 20:
        raise ValueError(_("最多 {count} 个字").format(count=20))
    return text


COLUMNS = (
    Column("scheme", gettext_lazy("方案编码")),
    Column("scheme_name", gettext_lazy("方案名称"), _name),
    Column(
        "basis",
        gettext_lazy("依据"),
        choices=(("month", gettext_lazy("上月收入")), ("year", gettext_lazy("近 12 个月收入"))),
    ),
    Column("tier", gettext_lazy("等级编码")),
    Column("tier_name", gettext_lazy("等级名称"), _name),
    Column("floor", gettext_lazy("起点（元）"), _yuan),
)


def tier_of(row: Mapping[str, Any]) -> Tier:
    """The tier of a row of the table."""
    floor = Decimal(row["floor"])
    return Tier(row["scheme"], row["scheme_name"], row["basis"], row["tier"], row["tier_name"], floor)


def _check_tiers(rows: Sequence[Mapping[str, Any]]) -> None:
    """Errors: Invalid naming the first row that makes no sense."""
    fault = first_fault([tier_of(row) for row in rows], reserved=RESERVED)
    if fault is None:
        return
    number, what = fault
    key, sentence = {
        Fault.CODE: ("scheme", _("编码用小写字母开头，最多 16 位小写字母、数字或下划线")),
        Fault.RESERVED: ("scheme", _("这个编码另有用处，请换一个")),
        Fault.NAMES: ("scheme_name", _("同一方案的名称必须相同")),
        Fault.BASIS: ("basis", _("同一方案的依据必须相同")),
        Fault.TWICE: ("tier", _("同一方案里等级或起点重复")),
        Fault.FLOOR: ("floor", _("必须大于 0")),
    }[what]
    raise refusal(number, next(one for one in COLUMNS if one.key == key), sentence)


def _rows(scheme: str, name: str, basis: str, *tiers: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {
            "scheme": scheme,
            "scheme_name": name,
            "basis": basis,
            "tier": code,
            "tier_name": called,
            "floor": floor,
        }
        for code, called, floor in tiers
    ]


TIERS = define(
    Parameter(
        is_guarded=True,
        key="classes.tiers",
        default=[
            *_rows(
                "mail", "寄递客户等级", "month",
                ("diamond", "钻石", "50000"), ("platinum", "铂金", "10000"),
                ("gold", "黄金", "3000"), ("silver", "白银", "500"),
            ),
            *_rows(
                "attention", "重点关注", "year",
                ("y10m", "1000万元档", "10000000"), ("y5m", "500万元档", "5000000"),
                ("y3m", "300万元档", "3000000"), ("y2m", "200万元档", "2000000"),
                ("y1m", "100万元档", "1000000"), ("y600k", "60万元档", "600000"),
                ("y120k", "12万元档", "120000"), ("y60k", "6万元档", "60000"),
            ),
        ],
        kind="table",
        label=gettext_lazy("客户分级方案：各等级的收入起点"),
        source="X-24, BIG-i02, BIG-i03",
        columns=COLUMNS,
        check=_check_tiers,
    )
)  # fmt: skip
NEW_MONTHS = define(
    Parameter(
        key="classes.new_months",
        default=6,
        kind="int",
        label=gettext_lazy("登记不满多少个月的客户算活跃"),
        unit=pgettext_lazy("时间", "个月"),
        source="BIG-i04",
        minimum=Decimal(0),
        maximum=Decimal(24),
    )
)
ACTIVE_MONTHS = define(
    Parameter(
        key="classes.active_months",
        default=6,
        kind="int",
        label=gettext_lazy("最近多少个整月内有收入的客户算活跃，当月也算"),
        unit=pgettext_lazy("时间", "个月"),
        source="BIG-i04",
        minimum=Decimal(1),
        maximum=Decimal(12),
    )
)
VOID_MONTHS = define(
    Parameter(
        key="classes.void_months",
        default=2,
        kind="int",
        label=gettext_lazy("登记满多少个月、近 12 个月没有收入的客户算无效"),
        unit=pgettext_lazy("时间", "个月"),
        source="BIG-i04",
        minimum=Decimal(0),
        maximum=Decimal(24),
    )
)
HIGH_MONTH_YUAN = define(
    Parameter(
        key="classes.high_month_yuan",
        default="1000",
        kind="decimal",
        label=gettext_lazy("上月收入达到多少算高价值客户"),
        unit=gettext_lazy("元"),
        source="BIG-i04",
        minimum=Decimal(0),
    )
)
HIGH_YEAR_YUAN = define(
    Parameter(
        key="classes.high_year_yuan",
        default="10000",
        kind="decimal",
        label=gettext_lazy("近 12 个月收入达到多少算高价值客户"),
        unit=gettext_lazy("元"),
        source="BIG-i04",
        minimum=Decimal(0),
    )
)
EARLY_PERCENT = define(
    Parameter(
        key="classes.loss_early_percent",
        default="25",
        kind="decimal",
        label=gettext_lazy("上月收入同比下降多少，并且超过下一项金额，算预流失"),
        unit="%",
        source="BIG-i05",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
EARLY_YUAN = define(
    Parameter(
        key="classes.loss_early_yuan",
        default="1000",
        kind="decimal",
        label=gettext_lazy("上月收入同比减少超过多少才算预流失"),
        unit=gettext_lazy("元"),
        source="BIG-i05",
        minimum=Decimal(0),
    )
)
MONTH_PERCENT = define(
    Parameter(
        key="classes.loss_month_percent",
        default="50",
        kind="decimal",
        label=gettext_lazy("上月收入同比下降多少算月流失"),
        unit="%",
        source="BIG-i05",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
WHOLE_PERCENT = define(
    Parameter(
        key="classes.whole_percent",
        default=20,
        kind="int",
        label=gettext_lazy("一晚有变化的客户超过多少时全部重算"),
        unit="%",
        source="DESIGN 3, SQL and migrations",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
CHUNK_CUSTOMERS = define(
    Parameter(
        key="classes.chunk_customers",
        default=50_000,
        kind="int",
        label=gettext_lazy("每个事务分类的客户数"),
        unit=pgettext_lazy("客户", "位"),
        source="DESIGN 3, SQL and migrations",
        minimum=Decimal(100),
        maximum=Decimal(1_000_000),
    )
)
WORK_AGREEMENT_DAYS = define(
    Parameter(
        key="classes.work_agreement_days",
        default=30,
        kind="int",
        label=gettext_lazy("今日：提前多少天提醒协议到期"),
        unit=gettext_lazy("天"),
        source="REQUIREMENTS 5.1",
        minimum=Decimal(0),
        maximum=Decimal(365),
    )
)
