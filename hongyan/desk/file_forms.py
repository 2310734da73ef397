"""Input of files of records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.free_text import FreeTextInput
from hongyan.desk.actions.files import LONGEST_REMARK, Said
from hongyan.desk.codes import FileCategory
from hongyan.org.forms.files import FilesField
from hongyan.org.forms.refusable import RefusableForm

TAKEN = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


class FileForm(RefusableForm):
    """What is said of a file."""

    category = forms.ChoiceField(
        label=pgettext_lazy("文件", "种类"), choices=FileCategory.choices, widget=forms.RadioSelect
    )
    remark = FreeTextInput(
        label=_("编号或说明（选填）"),
        max_length=LONGEST_REMARK,
        required=False,
        help_text=_("合同编号、执照的发证机关等；不写电话、证件号码和账号。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_until = forms.DateField(
        label=_("有效期至（选填）"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def said(self) -> Said:
        """What was typed, as the action takes it."""
        given = self.cleaned_data
        return Said(given["category"], given["remark"], given["valid_until"])


class NewFilesForm(FileForm):
    """Files to keep, all of which the same is said."""

    sent = FilesField(label=_("文件"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sent"].widget.attrs["accept"] = TAKEN


class ReplaceForm(FileForm):
    """A new version of a file."""

    sent = forms.FileField(
        label=_("新的文件"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": TAKEN}),
    )
