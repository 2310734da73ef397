"""The parameter that defines the house's own fields of a customer (自定义字段): a table, guarded by two people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.parameter_tables import Column, refusal
from hongyan.core.parameters import Parameter, define, value_of
from hongyan.customer.codes import PartyType
from hongyan.customer.rules.custom import MOST_FIELDS, Class, Fault, Type, custom_of, first_fault
from hongyan.org.codes import Line


def _decimal_cell(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(_("不是数字")) from error
    if not value.is_finite():
        raise ValueError(_("不是数字"))
    return f"{value:f}"


def _short(text: str) -> str:
    if len(text) > 20:
        raise ValueError(_("最多 {count} 个字").format(count=20))
    return text


def _english(text: str) -> str:
    if len(text) > 40:
        raise ValueError(_("最多 {count} 个字").format(count=40))
    return text


def _line_codes(text: str) -> str:
    codes = re.split(r"[,，;；、\s]+", text)
    if not set(codes) <= set(Line.values):
        raise ValueError(_("板块用两位代码，以逗号分隔"))
    return ",".join(codes)


_YES_NO = (("1", gettext_lazy("是")), ("0", gettext_lazy("否")))
CUSTOM_COLUMNS = (
    Column("code", gettext_lazy("编码")),
    Column("zh", gettext_lazy("中文名称"), _short),
    Column("en", gettext_lazy("英文名称"), _english),
    Column(
        "type",
        pgettext_lazy("自定义字段", "类型"),
        choices=(
            (Type.TEXT.value, pgettext_lazy("自定义字段", "文本")),
            (Type.INTEGER.value, pgettext_lazy("自定义字段", "整数")),
            (Type.DECIMAL.value, pgettext_lazy("自定义字段", "小数")),
            (Type.DATE.value, pgettext_lazy("自定义字段", "日期")),
            (Type.YES_NO.value, pgettext_lazy("自定义字段", "是否")),
            (Type.CHOICE.value, pgettext_lazy("自定义字段", "单选")),
            (Type.CHOICES.value, pgettext_lazy("自定义字段", "多选")),
            (Type.NUMBER.value, pgettext_lazy("自定义字段", "个人号码")),
        ),
    ),
    Column("choices", gettext_lazy("选项，如 A=甲,B=乙"), is_optional=True),
    Column("required", pgettext_lazy("自定义字段", "新增时必填"), choices=_YES_NO),
    Column("minimum", gettext_lazy("最短或最小"), _decimal_cell, is_optional=True),
    Column("maximum", gettext_lazy("最长或最大"), _decimal_cell, is_optional=True),
    Column("pattern", gettext_lazy("格式（正则，不用分组）"), is_optional=True),
    Column(
        "party_type",
        gettext_lazy("客户类型"),
        choices=tuple((one.value, one.label) for one in PartyType),
        is_optional=True,
    ),
    Column("lines", gettext_lazy("板块代码，空为全部"), _line_codes, is_optional=True),
    Column(
        "class",
        pgettext_lazy("自定义字段", "密级"),
        choices=(
            (Class.OPEN.value, pgettext_lazy("自定义字段", "公开")),
            (Class.PERSONAL.value, pgettext_lazy("自定义字段", "个人信息")),
            (Class.SENSITIVE.value, pgettext_lazy("自定义字段", "敏感，脱敏")),
        ),
    ),
    Column("in_list", pgettext_lazy("自定义字段", "列表默认显示"), choices=_YES_NO),
    Column("filter", pgettext_lazy("自定义字段", "可筛选"), choices=_YES_NO),
    Column("retired", pgettext_lazy("自定义字段", "停用"), choices=_YES_NO),
)


def _check_custom(rows: Sequence[Mapping[str, Any]]) -> None:
    """Errors: Invalid naming the first row that makes no sense, also beside the fields that hold today."""
    before = [custom_of(row) for row in value_of(CUSTOM_FIELDS)]
    fault = first_fault([custom_of(row) for row in rows], before)
    if fault is None:
        return
    number, column, what = fault
    sentence = {
        Fault.CODE: _("编码用小写字母开头，最多 16 位小写字母、数字或下划线"),
        Fault.TWICE: _("编码重复"),
        Fault.CHOICES: _("单选、多选要写选项（代码为字母数字，不重复）；其他类型不写"),
        Fault.PATTERN: _("只有文本和个人号码可以写格式；不能用分组和“或”，无限重复最多两处"),
        Fault.RANGE: _("不能小于最短或最小"),
        Fault.CLASS: _("个人号码必须是敏感的，其他类型不能；只有公开的字段可以进列表和筛选"),
        Fault.FILTER: _("只有是否、单选、多选可以筛选"),
        Fault.GONE: _("已有的字段和选项不能删除，请改为停用"),
        Fault.RETYPED: _("已有字段的类型和是否敏感不能改，请停用后另建"),
        Fault.MANY: _("最多 {count} 个字段").format(count=MOST_FIELDS),
    }[what]
    raise refusal(number, next(one for one in CUSTOM_COLUMNS if one.key == column), sentence)


CUSTOM_FIELDS = define(
    Parameter(
        is_guarded=True,
        key="customer.custom_fields",
        default=[],
        kind="table",
        label=gettext_lazy("自定义字段：客户资料之外要记的项目"),
        source="GEN-011",
        columns=CUSTOM_COLUMNS,
        check=_check_custom,
    )
)
