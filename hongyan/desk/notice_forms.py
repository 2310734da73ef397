"""Input of the settings of messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hongyan.core.versions import mark
from hongyan.desk.actions.notice_settings import LONGEST_ADDRESS
from hongyan.desk.codes import Way
from hongyan.desk.models import NoticeSettings
from hongyan.desk.notices import Family, families
from hongyan.desk.rules import way_of
from hongyan.org.forms.refusable import RefusableForm

_HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
_PREFIX = "way_"


class NoticeSettingsForm(RefusableForm):
    """How each family is heard of, and when no mail is sent. Where no mails are sent, it does not ask for them."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    quiet_from = forms.TypedChoiceField(label=_("从几点起不发邮件"), choices=_HOURS, coerce=int)
    quiet_to = forms.TypedChoiceField(
        label=_("到几点为止"), choices=_HOURS, coerce=int, help_text=_("两个钟点相同，就是整天都发。")
    )
    quiet_days = forms.BooleanField(label=_("休息日和节假日不发邮件，留到下一个工作日"), required=False)

    def __init__(self, data: Any, *, settings: NoticeSettings, has_mail: bool) -> None:
        kept = settings.kept
        super().__init__(data, initial={**kept, "seen": mark(kept)})
        self.has_mail = has_mail
        for family in families():
            self.fields[f"{_PREFIX}{family.key}"] = _way_field(family, settings, has_mail=has_mail)
        if not has_mail:
            for name in ("quiet_from", "quiet_to", "quiet_days"):
                del self.fields[name]

    @property
    def ways(self) -> dict[str, str]:
        """Family → what was chosen."""
        return {
            name.removeprefix(_PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(_PREFIX)
        }

    @property
    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """(heading, fields), as the page shows them."""
        ways = [field for field in self.visible_fields() if field.name.startswith(_PREFIX)]
        others = [field for field in self.visible_fields() if not field.name.startswith(_PREFIX)]
        shown = [(pgettext("通知设置", "哪类通知怎样告诉我"), ways)]
        return [*shown, (pgettext("通知设置", "邮件免打扰"), others)] if others else shown


class AddressForm(RefusableForm):
    """The address to which mails shall go."""

    email = forms.EmailField(
        label=_("邮箱地址"),
        max_length=LONGEST_ADDRESS,
        help_text=_("先发一个验证码到这个邮箱，填写验证码后才使用它。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(RefusableForm):
    """The code that proves an address."""

    code = forms.CharField(
        label=_("邮件里的六位验证码"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


def _way_field(family: Family, settings: NoticeSettings, *, has_mail: bool) -> forms.ChoiceField:
    ways = [
        Way.PAGE,
        *((Way.MAIL, Way.DIGEST) if has_mail else ()),
        *((Way.MUTED,) if family.may_mute else ()),
    ]
    chosen = way_of(settings.ways.get(family.key, ""), may_mute=family.may_mute)
    return forms.ChoiceField(
        label=str(family.label),
        choices=[(way.value, way.label) for way in ways],
        initial=chosen if chosen in ways else Way.PAGE,
        required=False,
        disabled=len(ways) == 1,
        help_text="" if family.may_mute else _("需要您处理或警惕的事，不能关闭提醒。"),
    )
