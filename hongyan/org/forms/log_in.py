"""Input of the pages of log-in and of passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hongyan.org.forms.refusable import RefusableForm


class StaffNumberField(forms.CharField):
    """A staff number, as a browser remembers it."""

    def __init__(self) -> None:
        looks = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        super().__init__(label=_("工号"), max_length=20, widget=forms.TextInput(attrs=looks))


class PasswordField(forms.CharField):
    """A password as typed, which may begin or end with a blank; `kind` tells the browser's store which one it is."""

    def __init__(self, kind: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": kind})
        super().__init__(max_length=128, strip=False, widget=widget, **options)


class LogInForm(forms.Form):
    """Staff number and password."""

    staff_no = StaffNumberField()
    password = PasswordField("current-password", label=_("密码"))


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


class NewPasswordForm(RefusableForm):
    """A new password, typed twice."""

    password = PasswordField("new-password", label=_("新密码"))
    again = PasswordField("new-password", label=_("再输一次新密码"))

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("两次输入的不一样。"))
        return again


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    field_order = ("old", "password", "again")
    old = PasswordField("current-password", label=_("当前密码"))


class ActivationForm(NewPasswordForm):
    """A staff number, the code an administrator handed out, and a new password."""

    field_order = ("staff_no", "code", "password", "again")
    staff_no = StaffNumberField()
    code = forms.CharField(
        label=_("激活码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
