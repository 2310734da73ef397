"""Input of the blacklist and of tags (黑名单、标签)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.classes.actions.blacklist import LONGEST_NOTE
from hongyan.classes.actions.tags import LONGEST_NAME
from hongyan.classes.codes import BlockReason, Colour
from hongyan.classes.models import Tag
from hongyan.core.free_text import FreeTextInput
from hongyan.org.codes import Line
from hongyan.org.forms.refusable import RefusableForm


class BlacklistForm(forms.Form):
    """Why, in which lines and until when somebody is not to be served."""

    reason = forms.ChoiceField(label=_("原因"), choices=BlockReason.choices)
    note = FreeTextInput(
        label=_("说明"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    lines = forms.MultipleChoiceField(
        label=_("业务板块"),
        choices=Line.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选就是全部板块"),
    )
    until = forms.DateField(
        label=_("截止日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填就是长期有效"),
    )


class LiftForm(forms.Form):
    """Why an entry is to be lifted."""

    reason = FreeTextInput(
        label=_("解除理由"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class CustomerTagsForm(RefusableForm):
    """Which tags a customer bears, of those offered."""

    tags = forms.TypedMultipleChoiceField(
        label=_("标签"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: Sequence[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].choices = [(tag.pk, tag.name) for tag in offered]  # type: ignore[attr-defined]


class TagForm(RefusableForm):
    """A new tag."""

    name = FreeTextInput(label=_("标签名称"), max_length=LONGEST_NAME)
    colour = forms.ChoiceField(label=_("颜色"), choices=Colour.choices)
