"""Fields, codes, people and evidence in words (字段与代码的叫法)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hongyan.core.places import division_name
from hongyan.customer.codes import (
    AddressKind,
    ContactChannel,
    ContactLanguage,
    ContactRole,
    ContactTime,
    CredentialType,
    Gender,
    Industry,
    Scale,
    Settlement,
    Status,
)
from hongyan.customer.custom import Own
from hongyan.identity import explain
from hongyan.identity.verdict import Evidence, Verdict

Text = str | Promise

MASKED_FIELDS = {
    "credential_masked": "credential_no",
    "mobile_masked": "mobile",
    "landline_masked": "landline",
    "email_masked": "email",
    "address": "address",
}
"""Fields shown masked → the name under which `reveal` knows them."""

LABELS: Mapping[str, Text] = {
    "name": gettext_lazy("名称"),
    "short_name": gettext_lazy("简称"),
    "gender": gettext_lazy("性别"),
    "birth_date": gettext_lazy("出生日期"),
    "credential_masked": gettext_lazy("证件号码"),
    "credential_type": gettext_lazy("证件类型"),
    "mobile_masked": gettext_lazy("手机"),
    "landline_masked": gettext_lazy("固定电话"),
    "email_masked": gettext_lazy("电子邮箱"),
    "address": gettext_lazy("地址"),
    "division": gettext_lazy("行政区划"),
    "postcode": gettext_lazy("邮编"),
    "legal_person": gettext_lazy("法定代表人"),
    "industry": gettext_lazy("行业"),
    "scale": gettext_lazy("规模"),
    "status": gettext_lazy("客户状态"),
}


WIDE_FIELDS = frozenset({"address"})
"""Fields that take a whole line."""

_CODE_LISTS: Mapping[str, type[TextChoices]] = {
    "gender": Gender,
    "credential_type": CredentialType,
    "status": Status,
    "industry": Industry,
    "scale": Scale,
    "role": ContactRole,
    "preferred_channel": ContactChannel,
    "preferred_time": ContactTime,
    "preferred_language": ContactLanguage,
    "address_kind": AddressKind,
    "settlement": Settlement,
}
"""Fields whose values are codes, and the list that puts them into words."""


def label_of(field: str) -> Text:
    """The word for a field that can be revealed."""
    return Own().label(field, {revealed: LABELS[name] for name, revealed in MASKED_FIELDS.items()})


def word_of(name: str, value: Any) -> Any:
    """A code in words; what no list knows stands as it is."""
    if name == "division":
        return division_name(str(value))
    choices = _CODE_LISTS.get(name)
    return dict(choices.choices).get(value, value) if choices else value


def who(code: str) -> str:
    """Who decided: a staff number as it is, a process in words."""
    return _("系统") if code.startswith("system") else code


def evidence_in_words(stored: Mapping[str, Any] | None) -> tuple[str, ...]:
    """A stored decision in the reader's language, what weighed most first and the conclusion last."""
    return explain.explain(verdict_of(stored), language()) if stored else ()


def verdict_of(stored: Mapping[str, Any]) -> Verdict:
    """The verdict that a link or a case keeps as JSON."""
    found = tuple(
        Evidence(
            item["code"], item["outcome"], item["weight"], item.get("veto", False),
            tuple((key, value) for key, value in item.get("params", ())),
        )
        for item in stored.get("evidence", ())
    )  # fmt: skip
    return Verdict(stored["band"], stored["score"], stored["rule"], found, stored.get("model", 0))


def language() -> explain.Language:
    """The language in which verdicts are explained to the reader."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"
