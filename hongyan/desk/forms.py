"""Input of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.core.free_text import FreeTextInput
from hongyan.desk.actions.exports import LONGEST_NOTE
from hongyan.desk.actions.saved_views import LONGEST_NAME
from hongyan.desk.codes import ExportFormat


class SavedViewForm(forms.Form):
    """What its owner can change about a saved view."""

    name = FreeTextInput(label=_("名称"), max_length=LONGEST_NAME)
    is_pinned = forms.BooleanField(label=_("置顶：排在其他视图前面"), required=False)
    is_default = forms.BooleanField(label=_("默认：打开列表时先用这个视图"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(label=_("共享给本单位及下级单位的同事"), required=False)


class ExportForm(forms.Form):
    """What an export is written as and what it is for; the purposes are those of the list."""

    file_format = forms.ChoiceField(
        label=_("文件格式"),
        choices=ExportFormat.choices,
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect,
    )
    purpose = forms.ChoiceField(label=_("用途"), widget=forms.RadioSelect)
    note = FreeTextInput(label=_("说明（选填）"), max_length=LONGEST_NOTE, required=False)

    def __init__(
        self, *args: Any, purposes: Sequence[tuple[str, str | Promise]], needs_note: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        if needs_note:
            self.fields["note"].label = _("说明：为什么要导出")
            self.fields["note"].required = True
