"""Parameters of the organisation room."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.parameters import Parameter, define

_SOURCE = "BARS A 22"

LOGIN_FREE_FAILURES = define(
    Parameter(
        key="org.login_free_failures",
        default=5,
        kind="int",
        label=_("同一账号连续登录失败多少次后开始延迟"),
        unit=_("次"),
        source=_SOURCE,
        minimum=Decimal(3),
        maximum=Decimal(20),
    )
)
LOGIN_FREE_ADDRESS_FAILURES = define(
    Parameter(
        key="org.login_free_address_failures",
        default=30,
        kind="int",
        label=_("同一地址连续登录失败多少次后开始延迟（整个网点常共用一个地址）"),
        unit=_("次"),
        source=_SOURCE,
        minimum=Decimal(5),
        maximum=Decimal(45),
    )
)
LOGIN_FIRST_DELAY = define(
    Parameter(
        key="org.login_first_delay",
        default=30,
        kind="int",
        label=_("登录失败后的首次延迟，以后每次加倍"),
        unit=_("秒"),
        source=_SOURCE,
        minimum=Decimal(5),
        maximum=Decimal(900),
    )
)
LOGIN_LONGEST_DELAY = define(
    Parameter(
        key="org.login_longest_delay",
        default=900,
        kind="int",
        label=_("登录失败后的最长延迟"),
        unit=_("秒"),
        source=_SOURCE,
        minimum=Decimal(30),
        maximum=Decimal(900),
    )
)
LOGIN_FAILURE_MEMORY = define(
    Parameter(
        key="org.login_failure_memory",
        default=24,
        kind="int",
        label=_("登录失败记录在多长时间内累计"),
        unit=_("小时"),
        source=_SOURCE,
        minimum=Decimal(1),
        maximum=Decimal(72),
    )
)
PASSWORD_PROFILE = define(
    Parameter(
        key="org.password_profile",
        default="mlps3",
        kind="text",
        label=_("密码策略：等保三级或国际准则"),
        source="BARS C 8",
        choices=("mlps3", "nist"),
    )
)
PASSWORD_LENGTH = define(
    Parameter(
        key="org.password_length",
        default=10,
        kind="int",
        label=_("密码至少多少个字符"),
        unit=_("个"),
        source="BARS E 1",
        minimum=Decimal(8),
        maximum=Decimal(64),
    )
)
PASSWORD_MAX_AGE = define(
    Parameter(
        key="org.password_max_age",
        default=90,
        kind="int",
        label=_("等保三级策略下密码多少天后必须更换"),
        unit=_("天"),
        source="BARS E 1",
        minimum=Decimal(1),
        maximum=Decimal(365),
    )
)
PASSWORD_HISTORY = define(
    Parameter(
        key="org.password_history",
        default=5,
        kind="int",
        label=_("等保三级策略下不能与最近几次密码相同"),
        unit=_("次"),
        source="BARS E 1",
        minimum=Decimal(0),
        maximum=Decimal(24),
    )
)
ACTIVATION_HOURS = define(
    Parameter(
        key="org.activation_hours",
        default=72,
        kind="int",
        label=_("激活码的有效期"),
        unit=_("小时"),
        source="ASVS 6.4.1",
        minimum=Decimal(1),
        maximum=Decimal(168),
    )
)
LET_IN_DAYS = define(
    Parameter(
        key="org.let_in_days",
        default=30,
        kind="int",
        label=_("用激活码设置密码后多少天内，发码人与此人不能互相审批"),
        unit=_("天"),
        source="BARS A 17",
        minimum=Decimal(0),
        maximum=Decimal(365),
        is_guarded=True,
    )
)
DORMANT_DAYS = define(
    Parameter(
        key="org.dormant_days",
        default=90,
        kind="int",
        label=_("账号多少天不登录即停用"),
        unit=_("天"),
        source="BARS E 4",
        minimum=Decimal(30),
        maximum=Decimal(365),
    )
)
API_TOKEN_DAYS = define(
    Parameter(
        key="org.api_token_days",
        default=180,
        kind="int",
        label=_("接口令牌的有效期"),
        unit=_("天"),
        source="ASVS 3.5.2",
        minimum=Decimal(1),
        maximum=Decimal(730),
    )
)
API_TOKENS = define(
    Parameter(
        key="org.api_tokens",
        default=5,
        kind="int",
        label=_("每人最多有多少个有效的接口令牌"),
        unit=_("个"),
        source="ASVS 2.4.1",
        minimum=Decimal(1),
        maximum=Decimal(100),
    )
)
API_REQUESTS_PER_MINUTE = define(
    Parameter(
        key="org.api_requests_per_minute",
        default=600,
        kind="int",
        label=_("每人每分钟最多多少个接口请求"),
        unit=_("次"),
        source="ASVS 2.4.1",
        minimum=Decimal(1),
        maximum=Decimal(60_000),
    )
)
API_BURST = define(
    Parameter(
        key="org.api_burst",
        default=100,
        kind="int",
        label=_("每人一次可以连续发出多少个接口请求"),
        unit=_("次"),
        source="ASVS 2.4.1",
        minimum=Decimal(1),
        maximum=Decimal(10_000),
    )
)
DELEGATION_DAYS = define(
    Parameter(
        key="org.delegation_days",
        default=30,
        kind="int",
        label=_("代理最长多少天"),
        unit=_("天"),
        source="SM13",
        minimum=Decimal(1),
        maximum=Decimal(90),
    )
)
GRANT_DAYS = define(
    Parameter(
        key="org.grant_days",
        default=365,
        kind="int",
        label=_("审批授予的岗位最长多少天"),
        unit=_("天"),
        source="BARS E 5",
        minimum=Decimal(1),
        maximum=Decimal(1096),
    )
)
APPROVAL_REMINDER = define(
    Parameter(
        key="org.approval_reminder",
        default=4,
        kind="int",
        label=_("审批超时前多久提醒"),
        unit=_("工作小时"),
        source="SM13",
        minimum=Decimal(1),
        maximum=Decimal(27),
    )
)
_OPENING = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(6 * 60, 10 * 60 + 1, 30))
_CLOSING = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(15 * 60, 24 * 60, 30))
"""Far enough from each other that no time limit outlasts the years the calendar has at hand."""

OFFICE_OPENS = define(
    Parameter(
        key="org.office_opens",
        default="09:00",
        kind="text",
        label=_("工作日几点开始：审批时限的工作小时只在工作日的开始与结束之间计算"),
        source="SM13",
        choices=_OPENING,
    )
)
OFFICE_CLOSES = define(
    Parameter(
        key="org.office_closes",
        default="18:00",
        kind="text",
        label=_("工作日几点结束：从 09:00 到 18:00 是 9 个工作小时，即一个工作日"),
        source="SM13",
        choices=_CLOSING,
    )
)
DENIALS_AN_HOUR = define(
    Parameter(
        is_guarded=True,
        key="exception.denials_an_hour",
        default=20,
        kind="int",
        label=_("同一人一小时内被拒绝多少次，异常日志就列为待处理"),
        unit=pgettext_lazy("参数单位", "次"),
        source="CUS-011",
        minimum=Decimal(1),
        maximum=Decimal(1000),
    )
)
OPENED_DAYS = define(
    Parameter(
        is_guarded=True,
        key="audit.opened_days",
        default=7,
        kind="int",
        label=_("取出的归档审计保留多少天"),
        unit=_("天"),
        source="BARS A 11",
        minimum=Decimal(1),
        maximum=Decimal(90),
    )
)
WATERMARK = define(
    Parameter(
        is_guarded=True,
        key="audit.watermark",
        default=True,
        kind="bool",
        label=_("显示个人信息的页面带水印：姓名、工号和时间（改动在一分钟内生效）"),
        source="SEC-i02",
    )
)
