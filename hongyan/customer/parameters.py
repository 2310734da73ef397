"""Parameters of the customer room."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.parameters import Parameter, define

SOURCE_RANK = define(
    Parameter(
        key="customer.source_rank",
        default=["hongyan", "kgc", "jiyou"],
        kind="list",
        label=_("来源系统的可信次序，最可信的在前"),
        source="DESIGN 3, golden record",
    )
)
PURPOSE_MINUTES = define(
    Parameter(
        is_guarded=True,
        key="customer.purpose_minutes",
        default=30,
        kind="int",
        label=_("打开他人客户所说明的用途在多长时间内有效"),
        unit=_("分钟"),
        source="PSB-021",
        minimum=Decimal(1),
        maximum=Decimal(720),
    )
)
CHECKS_AN_HOUR = define(
    Parameter(
        is_guarded=True,
        key="customer.checks_an_hour",
        default=600,
        kind="int",
        label=_("每人每小时最多查重多少次：查重会透露谁是集团的客户，新增客户的页面与接口合并计算"),
        unit=_("次"),
        source="DESIGN 3, scope",
        minimum=Decimal(10),
        maximum=Decimal(1_000_000),
    )
)
PIN_DAYS = define(
    Parameter(
        key="customer.pin_days",
        default=730,
        kind="int",
        label=_("人工指定的客户信息在多长时间内有效，之后重新按来源取值"),
        unit=_("天"),
        source="DESIGN 3, golden record",
        minimum=Decimal(1),
        maximum=Decimal(36500),
    )
)
SECOND_LOOK_SHARE = define(
    Parameter(
        is_guarded=True,
        key="customer.second_look_share",
        default="5",
        kind="decimal",
        label=_("一人作出的归并判定和接近门槛的自动归并中，抽给第二人复核的比例"),
        unit="%",
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
)
SECOND_LOOK_EDGE = define(
    Parameter(
        is_guarded=True,
        key="customer.second_look_edge",
        default=93,
        kind="int",
        label=_("自动归并的相似度不高于多少时算接近门槛，进入抽检"),
        unit=_("分"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(90),
        maximum=Decimal(100),
    )
)
SECOND_LOOKS_A_DAY = define(
    Parameter(
        key="customer.second_looks_a_day",
        default=100,
        kind="int",
        label=_("每天最多从自动归并中抽取多少件复核"),
        unit=_("件"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(0),
    )
)
JOIN_SAMPLE = define(
    Parameter(
        key="customer.join_sample",
        default=30,
        kind="int",
        label=_("估计自动归并准确率时，一次随机抽取多少件复核"),
        unit=_("件"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(3),
        maximum=Decimal(1000),
    )
)
TRAINING_PARTIES = define(
    Parameter(
        key="customer.training_parties",
        default=100_000,
        kind="int",
        label=_("训练识别模型时最多读取的来源客户数"),
        unit=pgettext_lazy("来源客户", "个"),
        source="CUS-003",
        minimum=Decimal(1000),
        maximum=Decimal(1_000_000),
    )
)
TRAINING_DRAWN = define(
    Parameter(
        key="customer.training_drawn",
        default=2000,
        kind="int",
        label=_("训练前后对比时抽取的来源客户数"),
        unit=pgettext_lazy("来源客户", "个"),
        source="CUS-003",
        minimum=Decimal(0),
        maximum=Decimal(100_000),
    )
)
CASE_HOLD_MINUTES = define(
    Parameter(
        key="customer.case_hold_minutes",
        default=10,
        kind="int",
        label=_("打开待核后多长时间内，别人的下一件会跳过它"),
        unit=_("分钟"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(0),
        maximum=Decimal(240),
    )
)
BATCH_SAMPLE = define(
    Parameter(
        is_guarded=True,
        key="customer.case_batch_sample",
        default=20,
        kind="int",
        label=_("批量处理待核之前须逐件核对的样本数"),
        unit=_("件"),
        source="REQUIREMENTS 5.5, screen 5",
        minimum=Decimal(1),
        maximum=Decimal(1000),
    )
)
HOUSEHOLD_MOST = define(
    Parameter(
        key="customer.household_most",
        default=8,
        kind="int",
        label=_("同一住址或同一电话下最多多少位客户仍算一家；更多的视为宿舍、单位或门店，不推定关系"),
        unit=_("位"),
        source="DESIGN 3, Identity 4",
        minimum=Decimal(2),
        maximum=Decimal(32),
    )
)
RELATION_LEAST = define(
    Parameter(
        key="customer.relation_least",
        default=75,
        kind="int",
        label=_("推定客户关系所需的最低把握"),
        unit="%",
        source="DESIGN 3, Identity 4",
        minimum=Decimal(50),
        maximum=Decimal(99),
    )
)
CHECKED_OF_AGREEMENTS = define(
    Parameter(
        is_guarded=True,
        key="customer.corrections_checked_agreement",
        default=["name", "credential_masked", "legal_person", "address"],
        kind="list",
        label=_("协议客户的哪些资料更正后须由第二人批准才生效（字段名）"),
        source="CUS-006, CUS-009",
    )
)
CHECKED_ALWAYS = define(
    Parameter(
        is_guarded=True,
        key="customer.corrections_checked_always",
        default=["name", "credential_masked"],
        kind="list",
        label=_("所有客户的哪些资料更正后须由第二人批准才生效（字段名）"),
        source="CUS-006, CUS-009",
    )
)
AHEAD_DAYS = define(
    Parameter(
        key="customer.ahead_days",
        default=90,
        kind="int",
        label=_("客户动态中提前多少天列出将要到期的事项"),
        unit=_("天"),
        source="V36-005",
        minimum=Decimal(1),
        maximum=Decimal(3650),
    )
)
WORK_BIRTHDAY_DAYS = define(
    Parameter(
        key="customer.work_birthday_days",
        default=3,
        kind="int",
        label=_("今日：提前多少天提醒生日"),
        unit=_("天"),
        source="REQUIREMENTS 5.1",
        minimum=Decimal(0),
        maximum=Decimal(60),
    )
)
NEW_AT_ONCE = define(
    Parameter(
        is_guarded=True,
        key="customer.new_at_once",
        default=False,
        kind="bool",
        label=_("新增的潜在客户不经审批直接生效"),
        source="CUS-008, SM2",
    )
)
