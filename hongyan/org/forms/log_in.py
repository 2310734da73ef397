"""Input of the log-in page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.core.errors import Invalid


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


class NewPasswordField(forms.CharField):
    """A new password as typed; it may begin or end with a blank."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(max_length=128, strip=False, widget=widget, **options)


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "text",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password = NewPasswordField(label=_("新密码"))
    again = NewPasswordField(label=_("再输一次新密码"))

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的不一样。"))
        return again

    def refuse(self, error: Invalid) -> None:
        """Show beside their fields what an action said against the input."""
        for name, text in error.fields.items():
            self.add_error(name if name in self.fields else None, text)


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    field_order = ("old", "password", "again")
    old = forms.CharField(
        label=_("当前密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class ActivationForm(NewPasswordForm):
    """A staff number, the code an administrator handed out, and a new password."""

    field_order = ("staff_no", "code", "password", "again")
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
    code = forms.CharField(
        label=_("激活码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
