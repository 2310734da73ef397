"""Input of the customer room's doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.customer.codes import PairVerdict, Purpose, RelationState
from hongyan.customer.rules.merging import Choices, Side


class PurposeForm(forms.Form):
    """Why somebody asks to see a masked value. The action checks again; this is the page without scripts."""

    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices, widget=forms.RadioSelect)
    note = FreeTextInput(label=_("说明（选填）"), max_length=100, required=False)


class RelationForm(forms.Form):
    """What somebody says of a relation that was derived."""

    state = forms.ChoiceField(choices=RelationState.choices)
    reason = FreeTextInput(label=_("说明（选填）"), max_length=200, required=False)


UNSURE_BECAUSE = (
    ("document", pgettext_lazy("搁置原因", "需核对证件")),
    ("visit", pgettext_lazy("搁置原因", "需走访或去电核实")),
    ("source", pgettext_lazy("搁置原因", "来源资料要先修正")),
    ("other", pgettext_lazy("搁置原因", "看不出来")),
)
"""Why somebody leaves a case undecided; each has a key of its own on the desk."""

_SIDES = (("0", pgettext_lazy("比对", "甲")), ("1", pgettext_lazy("比对", "乙")))


class CaseForm(forms.Form):
    """What somebody says of a pair. Fields `owner_<line>` and `field_<golden field>` are choices where two meet."""

    verdict = forms.ChoiceField(
        choices=[
            (PairVerdict.SAME.value, PairVerdict.SAME.label),
            (PairVerdict.DIFFERENT.value, PairVerdict.DIFFERENT.label),
            *((f"{PairVerdict.UNSURE.value}:{key}", label) for key, label in UNSURE_BECAUSE),
        ]
    )
    reason = FreeTextInput(label=_("说明（选填）"), max_length=200, required=False)
    survivor = forms.ChoiceField(choices=_SIDES, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for key in data or {}:
            if key.startswith("owner_"):
                self.fields[key] = forms.ChoiceField(choices=_SIDES, required=False)
            elif key.startswith("field_"):
                self.fields[key] = forms.IntegerField(min_value=1, required=False)

    @property
    def verdict_given(self) -> PairVerdict:
        """The verdict alone."""
        return PairVerdict(self.cleaned_data["verdict"].partition(":")[0])

    @property
    def reason_given(self) -> str:
        """Why, in the words chosen and typed."""
        because = self.cleaned_data["verdict"].partition(":")[2]
        chosen = str(dict(UNSURE_BECAUSE)[because]) if because else ""
        return pgettext("sentence separator", "；").join(filter(None, (chosen, self.cleaned_data["reason"])))

    def survivor_of(self, codes: tuple[str, str]) -> str:
        """The code that stays, of those of the two sides; empty leaves it to the house."""
        chosen = self.cleaned_data["survivor"]
        return codes[int(chosen)] if chosen else ""

    @property
    def choices(self) -> Choices:
        """What was chosen where the two meet. Owners only count beside the survivor they are told from."""
        survivor = self.cleaned_data["survivor"]
        owners: dict[str, Side] = {
            line: "survivor" if side == survivor else "absorbed"
            for line, side in self._chosen("owner_").items()
            if survivor
        }
        return Choices(owners, self._chosen("field_"))

    def _chosen(self, prefix: str) -> dict[str, Any]:
        found = ((key, self.cleaned_data[key]) for key in self.fields if key.startswith(prefix))
        return {key.removeprefix(prefix): value for key, value in found if value not in (None, "")}
