"""Input of the log-in page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LogInForm(forms.Form):
    """Staff number and password, as typed; a password may begin or end with a blank."""

    staff_no = forms.CharField(
        label=_("工号"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
