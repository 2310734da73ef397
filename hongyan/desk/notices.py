"""Sentences for notifications: each room registers its own kinds, in its `notices` module.

    INTAKE = notices.declare(Family("intake", pgettext_lazy("通知", "接入批次")))
    notices.register("intake.checked", lambda params: _("批次 {number} 已检查").format(**params), family=INTAKE)

So the desk knows no business noun, and a reader gets every message in their own language. Kinds that people want or do
not want together are a family: by it they are looked through, and by it everybody chooses how to hear of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

Params = Mapping[str, Any]
Sentence = Callable[[Params], str]


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds that people want or do not want together. One that asks for an answer, or warns, nobody may mute."""

    key: str
    label: str | Promise
    may_mute: bool = True


_sentences: dict[str, Sentence] = {}
_family_of: dict[str, Family] = {}
_families: dict[str, Family] = {}


def declare(family: Family) -> Family:
    """Declare a family. Errors: ValueError when its key is declared twice."""
    if family.key in _families:
        raise ValueError(f"family {family.key} of notifications is declared twice")
    _families[family.key] = family
    return family


WAITING = declare(Family("waiting", pgettext_lazy("通知", "等我处理"), may_mute=False))
ANSWERS = declare(Family("answers", pgettext_lazy("通知", "我的申请结果")))
SECURITY = declare(Family("security", pgettext_lazy("通知", "安全告警"), may_mute=False))
FOLLOWED = declare(Family("followed", pgettext_lazy("通知", "我关注的")))
WORK = declare(Family("work", pgettext_lazy("通知", "导出、报表和批量修改")))
ACCOUNT = declare(Family("account", pgettext_lazy("通知", "岗位和账号")))
OTHER = Family("other", pgettext_lazy("通知", "其他"))
"""Of kinds that no room put into a family, or that nobody knows any more."""


def register(kind: str, sentence: Sentence, *, family: Family = OTHER) -> None:
    """Say how a kind of notification reads. Errors: ValueError when the kind is registered twice."""
    if kind in _sentences:
        raise ValueError(f"notification kind {kind} is registered twice")
    _sentences[kind] = sentence
    _family_of[kind] = family


def families() -> list[Family]:
    """All families, those of the desk first and the others as their rooms come."""
    return [*_families.values(), OTHER]


def family_of(kind: str) -> Family:
    """The family of a kind."""
    return _family_of.get(kind, OTHER)


def kinds_in(key: str) -> list[str]:
    """The kinds that rooms put into the family of a key."""
    return [kind for kind, family in _family_of.items() if family.key == key]


def sentence_of(kind: str, params: Params) -> str:
    """The notification in the reader's language; a kind nobody knows any more still says that there was one."""
    sentence = _sentences.get(kind)
    return sentence(params) if sentence else _("有一条新消息")
