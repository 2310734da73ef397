"""Parameters of data quality: what is asked of whom and how much it weighs, and by when data are stale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.parameter_tables import Column, refusal
from hongyan.core.parameters import Parameter, define
from hongyan.customer.codes import PartyType
from hongyan.org.codes import Line
from hongyan.quality.codes import Item

_ALL = (("all", pgettext_lazy("业务板块", "全部板块")), *Line.choices)
MUST, WISHED = "must", "wished"


def _weight(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 100:
        raise ValueError(_("请填写 1 至 100 的整数"))
    return int(text)


COLUMNS = (
    Column("party_type", gettext_lazy("客户类别"), choices=tuple(PartyType.choices)),
    Column("line", gettext_lazy("业务板块"), choices=_ALL),
    Column("item", gettext_lazy("资料项"), choices=tuple(Item.choices)),
    Column("weight", pgettext_lazy("资料规则", "权重"), _weight),
    Column(
        "need",
        gettext_lazy("要求"),
        choices=((MUST, pgettext_lazy("资料要求", "必填")), (WISHED, pgettext_lazy("资料要求", "可补充"))),
    ),
)


def _check(rows: Sequence[Mapping[str, Any]]) -> None:
    """Errors: Invalid naming the first row that says again what another says."""
    seen = set()
    for number, row in enumerate(rows, 1):
        key = (row["party_type"], row["line"], row["item"])
        if key in seen:
            raise refusal(number, COLUMNS[2], _("同一类客户、同一板块的资料项重复"))
        seen.add(key)


def _rows(party_type: str, line: str, *asked: tuple[Item, int, str]) -> list[dict[str, Any]]:
    return [
        {"party_type": party_type, "line": line, "item": item.value, "weight": weight, "need": need}
        for item, weight, need in asked
    ]


RULES = define(
    Parameter(
        is_guarded=True,
        key="quality.rules",
        default=[
            *_rows(
                "P", "all",
                (Item.NAME, 15, MUST), (Item.CREDENTIAL, 20, MUST), (Item.MOBILE, 20, MUST), (Item.ADDRESS, 10, MUST),
                (Item.DIVISION, 5, WISHED), (Item.BIRTH_DATE, 5, WISHED), (Item.GENDER, 5, WISHED),
                (Item.POSTCODE, 2, WISHED), (Item.EMAIL, 3, WISHED), (Item.RECORD, 15, WISHED),
            ),
            *_rows(
                "P", "03",
                (Item.GENDER, 5, MUST), (Item.NATIONALITY, 5, MUST), (Item.OCCUPATION, 5, MUST),
                (Item.CREDENTIAL_UNTIL, 10, MUST),
            ),
            *_rows(
                "O", "all",
                (Item.NAME, 15, MUST), (Item.CREDENTIAL, 25, MUST), (Item.PHONE, 15, MUST), (Item.ADDRESS, 10, MUST),
                (Item.LEGAL_PERSON, 5, WISHED), (Item.DIVISION, 5, WISHED), (Item.INDUSTRY, 5, WISHED),
                (Item.SCALE, 2, WISHED), (Item.EMAIL, 3, WISHED), (Item.RECORD, 15, WISHED),
            ),
            *_rows("O", "03", (Item.LEGAL_PERSON, 10, MUST)),
        ],
        kind="table",
        label=gettext_lazy("资料质量：各类客户、各板块要哪些资料，各占多少权重"),
        source="CCC-001, PSB-i05, 5.5 screen 4",
        columns=COLUMNS,
        check=_check,
    )
)  # fmt: skip
STALE_DAYS = define(
    Parameter(
        key="quality.stale_days",
        default=730,
        kind="int",
        label=gettext_lazy("资料多久没有更新算陈旧"),
        unit=gettext_lazy("天"),
        source="5.5 screen 4",
        minimum=Decimal(30),
        maximum=Decimal(3650),
    )
)
EXPIRING_DAYS = define(
    Parameter(
        key="quality.expiring_days",
        default=90,
        kind="int",
        label=gettext_lazy("证件到期前多久开始提醒"),
        unit=gettext_lazy("天"),
        source="PSB-i05",
        minimum=Decimal(1),
        maximum=Decimal(365),
    )
)
FILE_WARN_DAYS = define(
    Parameter(
        key="quality.file_warn_days",
        default=60,
        kind="int",
        label=gettext_lazy("客户的执照、合同等文件到期前多久提醒客户经理"),
        unit=gettext_lazy("天"),
        source="PSB-i05, KGX-i01",
        minimum=Decimal(1),
        maximum=Decimal(365),
    )
)
MOST_MEMBERS = define(
    Parameter(
        key="quality.most_members",
        default=50_000,
        kind="int",
        label=gettext_lazy("一次补录活动最多多少位客户"),
        unit=pgettext_lazy("客户", "位"),
        source="CCC-001",
        minimum=Decimal(1),
        maximum=Decimal(200_000),
    )
)
CHUNK_CUSTOMERS = define(
    Parameter(
        key="quality.chunk_customers",
        default=20_000,
        kind="int",
        label=gettext_lazy("每个事务评分的客户数"),
        unit=pgettext_lazy("客户", "位"),
        source="DESIGN 3, SQL and migrations",
        minimum=Decimal(100),
        maximum=Decimal(1_000_000),
    )
)
WORK_CREDENTIAL_DAYS = define(
    Parameter(
        key="quality.work_credential_days",
        default=30,
        kind="int",
        label=gettext_lazy("今日：提前多少天提醒证件到期"),
        unit=gettext_lazy("天"),
        source="REQUIREMENTS 5.1",
        minimum=Decimal(0),
        maximum=Decimal(365),
    )
)
