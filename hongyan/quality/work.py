"""What data quality finds to do (今日规则): credentials and files that expire, and what campaigns ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.customer.work import read_rule
from hongyan.desk.codes import FileCategory
from hongyan.desk.work import Reason, WorkRule, within
from hongyan.quality.parameters import FILE_WARN_DAYS, WORK_CREDENTIAL_DAYS


def _expires(reason: Reason) -> str:
    if reason.days < 0:
        return _("证件已过期 {days} 天").format(days=-reason.days)
    return _("证件 {days} 天后到期").format(days=reason.days)


CREDENTIALS = WorkRule(
    key="credential",
    label=pgettext_lazy("今日", "证件到期"),
    icon="id-badge-2",
    sql=read_rule(__file__, "work_credentials"),
    given=within(WORK_CREDENTIAL_DAYS),
    why=_expires,
    advice=pgettext_lazy("今日", "请客户来更新证件"),
    tab="quality",
)


def _file_ends(reason: Reason) -> str:
    count = reason.facts["files"]
    what = (
        _("{count} 份文件").format(count=count) if count > 1 else FileCategory(reason.facts["category"]).label
    )
    if reason.days < 0:
        return _("{what}已过期 {days} 天").format(what=what, days=-reason.days)
    return _("{what} {days} 天后到期").format(what=what, days=reason.days)


FILES = WorkRule(
    key="file",
    label=pgettext_lazy("今日", "文件到期"),
    icon="paperclip",
    sql=read_rule(__file__, "work_files"),
    given=within(FILE_WARN_DAYS),
    why=_file_ends,
    advice=pgettext_lazy("今日", "请客户续签或提供新的文件"),
    tab="files",
)


def _nothing(_today: date) -> Mapping[str, Any]:
    return {}


def _asked(reason: Reason) -> str:
    return _("补录活动“{name}”要补资料，{days} 天后截止").format(
        name=reason.facts.get("name", ""), days=max(reason.days, 0)
    )


CAMPAIGNS = WorkRule(
    key="campaign",
    label=pgettext_lazy("今日", "补录"),
    icon="clipboard-check",
    sql=read_rule(__file__, "work_campaigns"),
    given=_nothing,
    why=_asked,
    advice=pgettext_lazy("今日", "补齐资料"),
    tab="quality",
)
