"""Input of merges and splits: what people choose is made of what the dry run shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.actions.merge import LONGEST_REASON
from hongyan.customer.models import SourceParty
from hongyan.customer.panels.merges import option_words, owner_words, party_words
from hongyan.customer.panels.words import LABELS
from hongyan.customer.queries.merges import FieldPreview, MergePreview
from hongyan.customer.rules.merging import Choices, Objection
from hongyan.org.codes import Line
from hongyan.org.forms.refusable import RefusableForm

_OWNER, _FIELD = "owner_", "field_"


class WithForm(forms.Form):
    """Whom to merge with: a customer code; personal numbers are for the search box."""

    other = FreeTextInput(label=gettext_lazy("另一客户的编码"), max_length=20)


class MergeForm(RefusableForm):
    """What stays where two customers meet, why, and the mark of what was seen."""

    reason = FreeTextInput(
        label=gettext_lazy("理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, seeing: MergePreview, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"seen": seeing.seen})
        choices = {
            **{f"{_OWNER}{one.line}": self._owner(one) for one in seeing.meeting},
            **{f"{_FIELD}{one.name}": self._value(one) for one in seeing.fields if one.differs},
        }
        self.fields = {**choices, **self.fields}
        if Objection.OTHER_ID in seeing.objections:
            self.fields["override"] = forms.BooleanField(
                label=gettext_lazy("我有证据表明两个证件属于同一客户（写在理由里，须第二人复核）")
            )

    @staticmethod
    def _owner(one: Any) -> forms.ChoiceField:
        label = _("{line}由谁管户").format(line=Line(one.line).label)
        sides = [("survivor", owner_words(one.survivor)), ("absorbed", owner_words(one.absorbed))]
        return forms.ChoiceField(label=label, choices=sides, initial=one.stands, widget=forms.RadioSelect)

    @staticmethod
    def _value(one: FieldPreview) -> forms.ChoiceField:
        options = [(str(option.party_id), option_words(one.name, option)) for option in one.options]
        return forms.ChoiceField(
            label=str(LABELS[one.name]),
            choices=[("", pgettext_lazy("取值", "按规则")), *options],
            required=False,
            widget=forms.RadioSelect,
        )

    @property
    def choices(self) -> Choices:
        """What was chosen."""
        return Choices(
            owners={key.removeprefix(_OWNER): value for key, value in self._chosen(_OWNER)},
            fields={key.removeprefix(_FIELD): int(value) for key, value in self._chosen(_FIELD)},
        )

    def _chosen(self, prefix: str) -> Iterable[tuple[str, Any]]:
        return [(key, value) for key, value in self.cleaned_data.items() if key.startswith(prefix) and value]


class PartiesForm(RefusableForm):
    """Which source parties leave a customer, and why. `needed` says that it takes at least one."""

    parties = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple, required=False)
    reason = FreeTextInput(
        label=gettext_lazy("理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(
        self,
        parties: Iterable[SourceParty],
        data: Mapping[str, Any] | None = None,
        *,
        label: str,
        seen: str,
        needed: bool,
    ) -> None:
        super().__init__(data, initial={"seen": seen})
        offered = [(party.pk, party_words(party)) for party in parties]
        field = self.fields["parties"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.label, field.required, field.choices = label, needed, offered
        if not offered:
            del self.fields["parties"]

    @property
    def chosen(self) -> list[int]:
        """Ids of the chosen parties."""
        return list(self.cleaned_data.get("parties", ()))
