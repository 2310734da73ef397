"""Input of declared relations: who the other one is and what they are to this customer; that it is over (登记关系)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.actions.merge import LONGEST_REASON
from hongyan.customer.codes import PartyType, RelationType
from hongyan.customer.panels.relations import role_words
from hongyan.customer.queries.search import Hit
from hongyan.customer.rules.declaring import SORTS, Side
from hongyan.org.forms.refusable import RefusableForm


def _day(label: Any, *, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class DeclareForm(RefusableForm):
    """What the other one is to a customer of `own` type. With `hits`, one of those found is chosen."""

    sort = forms.ChoiceField(label=gettext_lazy("对方是本客户的"))
    other = FreeTextInput(
        label=gettext_lazy("另一客户"),
        max_length=100,
        help_text=gettext_lazy("客户编码、名称或协议编号；只能选择您数据范围内的客户"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    starts_on = _day(gettext_lazy("从何时起（选填）"))
    note = FreeTextInput(label=gettext_lazy("说明（选填）"), max_length=LONGEST_REASON, required=False)

    def __init__(
        self, own: PartyType, data: Mapping[str, Any] | None = None, *, hits: Sequence[Hit] = ()
    ) -> None:
        super().__init__(data)
        sort = self.fields["sort"]
        assert isinstance(sort, forms.ChoiceField)
        sort.choices = sorts_of(own)
        if hits:
            self.fields["other"] = forms.ChoiceField(
                label=gettext_lazy("是哪一位"),
                choices=[(hit.row.code, " · ".join(_hit_words(hit))) for hit in hits],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": gettext_lazy("请选择是哪一位")},
            )

    @property
    def role(self) -> str:
        """The role that was chosen."""
        return str(self.cleaned_data["sort"]).partition(":")[0]

    @property
    def side(self) -> Side:
        """Where the other one stands."""
        return self.cleaned_data["sort"].partition(":")[2]  # type: ignore[no-any-return]


class EndForm(RefusableForm):
    """That a declared relation is over, since when and why."""

    ends_on = _day(gettext_lazy("到何时止（选填，默认今天）"))
    reason = FreeTextInput(label=gettext_lazy("理由"), max_length=LONGEST_REASON)


def sorts_of(own: PartyType) -> list[tuple[Any, Any]]:
    """What somebody may be to a customer of a type, under the types of L09."""
    groups: dict[RelationType, list[tuple[str, Any]]] = {}
    for role, sort in SORTS.items():
        for side in sort.sides:
            if sort.fits(side, own):
                groups.setdefault(sort.type, []).append((f"{role}:{side}", role_words(role, side)))
    return [("", "—"), *((type_.label, choices) for type_, choices in groups.items())]


def _hit_words(hit: Hit) -> Sequence[str]:
    return hit.row.name, hit.row.code, hit.row.unit_name
