"""What was checked of a file as a whole, and the quality of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.integration import words
from hongyan.integration.codes import Channel
from hongyan.integration.descriptors import Format, find_descriptor
from hongyan.integration.models import Delivery
from hongyan.integration.reasons import sentence
from hongyan.integration.rules import Made, Verdict, checks_of

Text = str | Promise

CHECKS: dict[str, Text] = {
    "name": gettext_lazy("文件名与业务日期"),
    "content": gettext_lazy("文件可以打开，有数据行"),
    "header": gettext_lazy("文件头与表头"),
    "encoding": gettext_lazy("字符编码"),
    "structure": gettext_lazy("引号与换行"),
    "trailer": gettext_lazy("文件尾行数"),
    "control_sum": gettext_lazy("控制合计"),
    "crc": gettext_lazy("校验码"),
    "timeliness": gettext_lazy("时效"),
}


# --- the file as a whole


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One whole-file check as it came out; `note` is what was found, or a sentence where it did not pass."""

    label: Text
    verdict: Verdict
    note: str = ""


_FOUND: dict[str, Text] = {
    "content": gettext_lazy("{found} 行"),
    "trailer": gettext_lazy("写明 {expected} 行，实际 {found} 行"),
    "control_sum": gettext_lazy("写明 {expected}，实际 {found}"),
    "crc": gettext_lazy("写明 {expected}，实际 {found}"),
    "timeliness": gettext_lazy("业务日期距今 {found} 天，上限 {expected} 天"),
}


def check_lines(delivery: Delivery, *, with_sums: bool = True, with_counts: bool = True) -> list[CheckLine]:
    """The whole-file checks of a delivery, as they were stored when they were made.

    Without sums a control sum says how it came out, not what it is; without counts none of those that count rows does.
    """
    untold = {"control_sum"} if not with_sums else set()
    if not with_counts:
        untold |= {"content", "trailer", "control_sum"}
    descriptor = find_descriptor(delivery.system)
    layout = Format.RECORDS if _is_records(delivery) or descriptor is None else descriptor.format
    made = delivery.warnings.get("checks", ())
    return [
        CheckLine(CHECKS[check], verdict, "" if check in untold else _note(one))
        for check, verdict, one in checks_of(layout, made)
    ]


def _note(made: Made) -> str:
    """What a check found, or why it did not pass; empty for one that was not made."""
    if made.get("code"):
        return sentence(made)
    expected, found = made.get("expected", ""), made.get("found", "")
    if made.get("check") in _FOUND:
        return str(_FOUND[made["check"]]).format(expected=expected, found=found)
    return str(found or expected)


def _is_records(delivery: Delivery) -> bool:
    return delivery.channel == Channel.RESEND or delivery.file_name.endswith(".json")


# --- quality of the rows


@dataclass(frozen=True, slots=True)
class Share:
    """A part of some rows: how many, of how many, in percent rounded down so that 100 means all."""

    label: Text
    rows: int
    total: int

    @property
    def percent(self) -> int:
        return self.rows * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Emptied:
    """Values of one column that were left empty, for one reason, in how many rows."""

    column: str
    why: Text
    rows: int


@dataclass(frozen=True, slots=True)
class KindQuality:
    """Quality of one record kind: validity, uniqueness, completeness per field, values left empty.

    Of the rows that concern the house; `excluded` of its file do not.
    """

    title: str
    excluded: int
    rules: Sequence[Share]
    completeness: Sequence[Share]
    emptied: Sequence[Emptied]


def quality_of(delivery: Delivery) -> list[KindQuality]:
    """Results of the quality rules per record kind, as the check stored them."""
    emptied = delivery.warnings.get("rows", ())
    return [
        KindQuality(
            title=words.kind_title(delivery.system, code),
            excluded=found.get("excluded", 0),
            rules=[
                Share(_("有效性：通过全部规则的行"), found["valid"], found["rows"]),
                Share(_("唯一性：标识不重复的行"), found["valid"] - found["repeated_keys"], found["valid"]),
            ],
            completeness=[
                Share(words.TARGETS.get(target, target), filled, found["valid"])
                for target, filled in found["completeness"].items()
            ],
            emptied=[_emptied(one) for one in emptied if one["kind"] == code],
        )
        for code, found in delivery.warnings.get("quality", {}).items()
    ]


def _emptied(warning: dict[str, Any]) -> Emptied:
    return Emptied(warning["field"], words.FAULTS.get(warning["code"], warning["code"]), warning["rows"])
