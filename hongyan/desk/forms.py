"""Input of the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.desk.actions.saved_views import LONGEST_NAME


class SavedViewForm(forms.Form):
    """What its owner can change about a saved view."""

    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME)
    is_pinned = forms.BooleanField(label=_("置顶：排在其他视图前面"), required=False)
    is_default = forms.BooleanField(label=_("默认：打开列表时先用这个视图"), required=False)
    is_shared = forms.BooleanField(label=_("共享给本单位及下级单位的同事"), required=False)
