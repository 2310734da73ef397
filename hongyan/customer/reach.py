"""The filter of customers by consent (可联系): who may be addressed for what, or why the others may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.core import clock
from hongyan.customer.codes import CONTACT_PURPOSES, ConsentPurpose, ContactChannel
from hongyan.customer.queries.contact import Reach, Reason, reachable, with_reason
from hongyan.org.codes import Line
from hongyan.ui.lists import Choice, Filter
from hongyan.ui.lists.filters import Parameters, Unusable

ASKED_OF_LISTS = (
    ConsentPurpose.MARKETING,
    ConsentPurpose.CROSS_MARKETING,
    ConsentPurpose.PROFILING,
)
"""Purposes for which customers are listed. Service notices take no consent; sharing opens pages, not lists."""

REASONS: Mapping[Reason, Promise] = {
    Reason.SILENT: pgettext_lazy("排除原因", "免打扰"),
    Reason.ENDED: pgettext_lazy("排除原因", "同意已到期"),
    Reason.WITHDRAWN: pgettext_lazy("排除原因", "已撤回同意"),
    Reason.NEVER: pgettext_lazy("排除原因", "从未同意"),
    Reason.NOT_ACTIVE: pgettext_lazy("排除原因", "客户已冻结或注销"),
}
_KEYS = {reason.name.lower(): reason for reason in REASONS}


class Reached(NamedTuple):
    """What the filter asks: those who may be addressed, or with a reason those who may not for it."""

    reach: Reach
    reason: Reason | None = None

    @property
    def use(self) -> str:
        """Purpose and line as the address writes them."""
        return f"{self.reach.purpose}.{self.reach.line}"

    @property
    def why(self) -> str:
        """The reason as the address writes it."""
        return self.reason.name.lower() if self.reason is not None else ""


@dataclass(frozen=True, kw_only=True)
class ReachFilter(Filter):
    """A purpose with its line as `reach`, a channel as `reach_by`, a reason for being left out as `reach_why`."""

    template: ClassVar[str] = "customer/lists/filter_reach.html"

    def options_for(self, viewer: object) -> tuple[Choice, ...]:  # noqa: ARG002 - the interface's
        return tuple(
            Choice(f"{purpose.value}.{line.value}", _use(purpose, line))
            for purpose in ASKED_OF_LISTS
            for line in Line
        )

    @property
    def channels(self) -> list[tuple[str, Any]]:
        """Channels to choose from."""
        return list(ContactChannel.choices)

    @property
    def reasons(self) -> list[tuple[str, Promise]]:
        """Reasons to choose from."""
        return [(key, REASONS[reason]) for key, reason in _KEYS.items()]

    def read(self, query: QueryDict, viewer: object) -> Reached | None:  # noqa: ARG002 - the interface's
        purpose, _dot, line = query.get(self.key, "").partition(".")
        channel, why = query.get(f"{self.key}_by", ""), query.get(f"{self.key}_why", "")
        if not purpose:
            return None
        is_known = purpose in ASKED_OF_LISTS and line in Line.values
        if not is_known or channel not in ("", *ContactChannel.values) or why not in ("", *_KEYS):
            raise Unusable(_("“{label}”没有这样的选项。").format(label=self.label))
        channel = channel if purpose in CONTACT_PURPOSES else ""
        return Reached(Reach(purpose, line, channel), _KEYS.get(why))

    def write(self, value: Reached) -> Parameters:
        pairs = (("", value.use), ("_by", value.reach.channel), ("_why", value.why))
        return [(f"{self.key}{part}", text) for part, text in pairs if text]

    def describe(self, value: Reached, viewer: object) -> str:  # noqa: ARG002 - the interface's
        return told(value)

    def apply(self, queryset: QuerySet[Any], value: Reached) -> QuerySet[Any]:
        if value.reason is None:
            return reachable(queryset, value.reach, at=clock.now())
        return with_reason(queryset, value.reach, value.reason, at=clock.now())


def told(value: Reached) -> str:
    """What the filter asks, in words."""
    reach = value.reach
    text = str(_use(ConsentPurpose(reach.purpose), Line(reach.line)))
    if reach.channel:
        text = f"{text} · {ContactChannel(reach.channel).label}"
    if value.reason is None:
        return text
    return pgettext("可联系", "{use}：{reason}").format(use=text, reason=REASONS[value.reason])


def _use(purpose: ConsentPurpose, line: Line) -> str:
    return f"{purpose.label} · {line.label}"
