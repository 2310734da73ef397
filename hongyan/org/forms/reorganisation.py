"""Input of a reorganisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hongyan.core import clock
from hongyan.core.free_text import FreeTextInput
from hongyan.org.codes import Tree
from hongyan.org.forms.posts import DayField
from hongyan.org.forms.refusable import RefusableForm

_QUIET = {"autocomplete": "off", "spellcheck": "false"}


class ReorganisationForm(RefusableForm):
    """Which units move where, on which day, and why."""

    tree = forms.ChoiceField(label=gettext_lazy("机构树"), choices=Tree.choices)
    units = forms.CharField(
        label=gettext_lazy("调整的机构"),
        max_length=2000,
        help_text=gettext_lazy("机构代码，一行一个；下级机构随它一起调整"),
        widget=forms.Textarea(attrs={**_QUIET, "rows": 3}),
    )
    parent = forms.CharField(
        label=gettext_lazy("新的上级机构"),
        max_length=20,
        help_text=gettext_lazy("机构代码"),
        widget=forms.TextInput(attrs=_QUIET),
    )
    effective_on = DayField(label=gettext_lazy("生效日期"))
    reason = FreeTextInput(
        label=gettext_lazy("调整原因"), max_length=200, help_text=gettext_lazy("例如批文的文号")
    )

    def __init__(self, data: object = None) -> None:
        today = clock.business_date()
        super().__init__(data, initial={"effective_on": today})  # type: ignore[arg-type]
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()

    @property
    def move(self) -> dict[str, Any]:
        """The checked input as arguments of `preview`."""
        given = self.cleaned_data
        codes = given["units"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return {"tree": Tree(given["tree"]), "codes": codes, "parent_code": given["parent"].strip()}

    @property
    def wanted(self) -> dict[str, Any]:
        """The checked input as arguments of `request_reorganisation`."""
        given = self.cleaned_data
        return {**self.move, "effective_on": given["effective_on"], "reason": given["reason"]}
