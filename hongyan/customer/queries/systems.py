"""What people call the source systems (来源系统). Rooms that connect systems register the names here at start."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.customer.codes import ENTRY_SYSTEM, IMPORT_SYSTEM, MANUAL_SYSTEM

Text = str | Promise

_names: dict[str, Text] = {
    MANUAL_SYSTEM: _("鸿雁维护"),
    ENTRY_SYSTEM: _("鸿雁新增"),
    IMPORT_SYSTEM: _("文件导入"),
}


def name_system(code: str, name: Text) -> None:
    """Give a source system its name for people. Naming it again replaces the name."""
    _names[code] = name


def system_name(code: str) -> str:
    """The name of a system; its code while nobody has named it.

    >>> system_name("unheard_of")
    'unheard_of'
    """
    return str(_names.get(code, code))


def named_systems() -> Mapping[str, Text]:
    """All named systems, code → name, in the order in which they were named."""
    return dict(_names)
