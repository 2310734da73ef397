"""Input of the fields that the house defined (自定义字段), added to the forms of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.customer.custom import label, words
from hongyan.customer.rules.custom import LONGEST, PREFIX, Custom, Type

_PLAIN = {"autocomplete": "off"}
_NONE = ("", "—")


def add_custom(
    form: forms.Form, fields: Sequence[Custom], *, stands: Mapping[str, str], is_new: bool
) -> None:
    """Add an input for each field. `stands` are the present values by code; a sealed one is typed anew.

    What is required is marked so where a customer is new; the action asks for it, for a form may be of another kind.
    """
    for field in fields:
        made = _input(field, stands.get(field.code, ""), is_new=is_new)
        if field.party_type:
            made.widget.attrs["data-of-kind"] = field.party_type
        form.fields[field.name] = made


def said_of(form: forms.Form) -> dict[str, str]:
    """What was said of them, by their names."""
    return {
        name: ",".join(value) if isinstance(value, list) else str(value or "")
        for name, value in form.cleaned_data.items()
        if name.startswith(PREFIX)
    }


def _input(field: Custom, stands: str, *, is_new: bool) -> forms.Field:
    named = label(field)
    help_text = _("必填") if is_new and field.is_required else ""
    match field.type:
        case Type.YES_NO:
            answers = [_NONE, ("1", pgettext("自定义字段", "是")), ("0", pgettext("自定义字段", "否"))]
            return forms.ChoiceField(
                label=named, choices=answers, required=False, initial=stands, help_text=help_text
            )
        case Type.CHOICE:
            return forms.ChoiceField(
                label=named,
                choices=[_NONE, *field.choices],
                required=False,
                initial=stands,
                help_text=help_text,
            )
        case Type.CHOICES:
            return forms.MultipleChoiceField(
                label=named,
                choices=field.choices,
                required=False,
                initial=stands.split(",") if stands else [],
                widget=forms.CheckboxSelectMultiple,
                help_text=help_text,
            )
        case Type.DATE:
            widget: forms.Widget = forms.DateInput(attrs={"type": "date", **_PLAIN})
        case Type.INTEGER | Type.DECIMAL:
            widget = forms.TextInput(attrs={"inputmode": "decimal", **_PLAIN})
        case _:
            widget = forms.TextInput(attrs=dict(_PLAIN))
    if field.is_sealed and stands:
        widget.attrs["placeholder"] = words(field, stands)
        help_text, stands = _("不改就留空"), ""
    return forms.CharField(
        label=named, max_length=LONGEST, required=False, initial=stands, widget=widget, help_text=help_text
    )
