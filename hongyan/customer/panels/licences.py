"""What was read of a pasted business licence (营业执照识别), shown before anybody takes it into a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.customer.panels.words import Text
from hongyan.customer.rules.licences import Licence, read_licence

READ, TAKE = "read", "take"
"""The buttons of the box: show what the text says; write it into the form."""


@dataclass(frozen=True)
class ShownLine:
    """One thing that a licence says; `problem` why it is not taken."""

    label: Text
    value: str
    problem: str = ""


@dataclass(frozen=True)
class ShownLicence:
    """The box: the text as it was pasted, and what it says."""

    text: str
    lines: Sequence[ShownLine]
    is_taken: bool = False


def licence_box(act: str, text: str) -> tuple[ShownLicence, Licence] | None:
    """What the box shows after one of its buttons, and what the text says; None for any other button."""
    if act not in {READ, TAKE}:
        return None
    found = read_licence(text)
    return ShownLicence(text, _lines(found), is_taken=act == TAKE), found


def _lines(found: Licence) -> list[ShownLine]:
    problem = "" if found.is_proven else _("校验位不符，不填入；请对照原件")
    lines = [
        ShownLine(_("名称"), found.name),
        ShownLine(_("统一社会信用代码"), found.credit_code, problem),
        ShownLine(pgettext("营业执照", "类型"), found.sort),
        ShownLine(_("法定代表人"), found.legal_person),
        ShownLine(_("地址"), found.address),
        ShownLine(_("注册资本"), found.capital),
        ShownLine(_("成立日期"), found.founded.isoformat() if found.founded else ""),
        ShownLine(_("营业期限"), _term(found)),
    ]
    return [line for line in lines if line.value]


def _term(found: Licence) -> str:
    ends = _("长期") if found.is_endless else found.until.isoformat() if found.until else ""
    begins = found.since.isoformat() if found.since else ""
    return (
        pgettext("营业执照", "{begins} 至 {ends}").format(begins=begins, ends=ends)
        if begins and ends
        else ends
    )
