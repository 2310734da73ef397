"""The fields that the house defines itself, as they hold today (自定义字段): their names, and their values in words.

They are rows of the guarded parameter `customer.custom_fields`, so a change has a day, a history and a second person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hongyan.core import clock, masking
from hongyan.core.parameters import value_of
from hongyan.customer.custom_parameter import CUSTOM_FIELDS
from hongyan.customer.rules.custom import PREFIX, Custom, Fault, Type, custom_of, told

Text = str | Promise

_KEPT_S = 10


def custom_fields() -> Sequence[Custom]:
    """All of them in their order, retired ones too.

    Kept in memory for ten seconds, since every list and page of a customer asks and two people change them rarely.
    """
    return _fields(int(clock.now().timestamp()) // _KEPT_S)


@lru_cache(maxsize=1)
def _fields(_ten_seconds: int) -> Sequence[Custom]:
    return tuple(custom_of(row) for row in value_of(CUSTOM_FIELDS))


def forget() -> None:
    """Read them anew next time."""
    _fields.cache_clear()


def fields_for(party_type: str, lines: Sequence[str] = ()) -> list[Custom]:
    """Those that are asked of persons or organisations, in any of some lines."""
    return [field for field in custom_fields() if field.is_for(party_type, lines)]


def by_name() -> Mapping[str, Custom]:
    """The same by their names among all fields of a customer."""
    return {field.name: field for field in custom_fields()}


def is_custom(name: str) -> bool:
    """Whether a field of a customer is one that the house defined."""
    return name.startswith(PREFIX)


def label(field: Custom) -> str:
    """What the reader calls it."""
    return field.zh if (get_language() or "zh").startswith("zh") or not field.en else field.en


def words(field: Custom, value: str) -> str:
    """A value as people read it; that of a sealed field is masked already."""
    if not value:
        return ""
    if field.type == Type.YES_NO:
        return pgettext("自定义字段", "是") if value == "1" else pgettext("自定义字段", "否")
    return pgettext("list separator", "、").join(told(field, value))


def values_of(field: Custom) -> list[str]:
    """All values there can be of a field whose customers are marked by it."""
    return ["1", "0"] if field.type == Type.YES_NO else [code for code, _word in field.choices]


def mask(value: str) -> str:
    """How the value of a sealed field is shown."""
    return masking.mask_credential(value)


def sentence(fault: Fault, field: Custom) -> str:
    """What is wrong with a value."""
    return {
        Fault.MISSING: _("请填写"),
        Fault.INTEGER: _("请填整数"),
        Fault.DECIMAL: _("请填数字"),
        Fault.DATE: _("请填日期，如 2026-11-22"),
        Fault.YES_NO: _("请填是或否"),
        Fault.UNKNOWN: _("没有这个选项"),
        Fault.SHORT: _("至少 {count} 个字").format(count=field.minimum),
        Fault.LONG: _("太长了"),
        Fault.LOW: _("不能小于 {limit}").format(limit=field.minimum),
        Fault.HIGH: _("不能大于 {limit}").format(limit=field.maximum),
        Fault.FORM: _("格式不对"),
    }[fault]


class Own:
    """The house's own fields in words, read once where one of them is asked for."""

    @cached_property
    def fields(self) -> Mapping[str, Custom]:
        return by_name()

    def label(self, name: str, otherwise: Mapping[str, Text]) -> Text:
        """What a field of a customer is called, whoever defined it; its name where nobody does any more."""
        if not is_custom(name):
            return otherwise.get(name, name)
        return label(self.fields[name]) if name in self.fields else name

    def word(self, name: str, value: str) -> str:
        """A value of such a field as people read it."""
        return words(self.fields[name], value) if name in self.fields else value
