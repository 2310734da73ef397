"""What mails say (邮件的文字): sentences of messages with links to their pages, nothing of a customer.

Whoever reads a mail logs in first, where the link leads. A sentence that seems to hold a person's number, which no
message should, stays in the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.personal_numbers import find_numbers
from hongyan.desk.models import Notification
from hongyan.desk.notices import Family, family_of, sentence_of

MOST_LINES = 50
"""Messages that a digest names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says."""

    subject: str
    body: str


def is_set_up() -> bool:
    """Whether this installation sends mails."""
    return bool(settings.MAIL_SITE)


def notice_words(message: Notification) -> Words:
    """A mail about one message."""
    return Words(_subject(str(family_of(message.kind).label)), _body(f"{_told(message)}\n{_link(message)}"))


def digest_words(messages: Sequence[Notification]) -> Words:
    """A mail about the messages of a day, by family."""
    lines = [_("您有 {count} 条新的未读通知。").format(count=len(messages)), ""]
    for family, some in _by_family(messages[:MOST_LINES]).items():
        lines.append(f"{family.label} ({len(some)})")
        lines += [line for message in some for line in (f"- {_told(message)}", f"  {_link(message)}")]
        lines.append("")
    if len(messages) > MOST_LINES:
        lines.append(_("还有 {count} 条，请打开通知页查看。").format(count=len(messages) - MOST_LINES))
    return Words(_subject(pgettext("邮件", "每日汇总")), _body("\n".join(lines).rstrip()))


def code_words(code: str, minutes: int) -> Words:
    """A mail that proves an address."""
    told = _("您的邮箱验证码是 {code}，{minutes} 分钟内有效。请在通知设置里填写。").format(
        code=code, minutes=minutes
    )
    ignored = _("如果您没有申请过，请不必理会：不填写验证码，系统就不会使用这个邮箱。")
    return Words(_subject(pgettext("邮件", "邮箱验证码")), _body(f"{told}\n{ignored}"))


def _subject(about: str) -> str:
    return pgettext("邮件标题", "鸿雁客户系统：{about}").format(about=about)


def _body(told: str) -> str:
    url = f"{settings.MAIL_SITE}{reverse('desk:notice_settings')}"
    end = _("这封邮件由系统自动发出，请不要回复。怎样通知您，可以在通知设置里选择：")
    return f"{told}\n\n--\n{end}\n{url}\n"


def _told(message: Notification) -> str:
    sentence = sentence_of(message.kind, message.params)
    return _("有一条新消息") if find_numbers(sentence) else sentence


def _link(message: Notification) -> str:
    return f"{settings.MAIL_SITE}{reverse('desk:notification', args=[message.pk])}"


def _by_family(messages: Sequence[Notification]) -> Mapping[Family, list[Notification]]:
    found: dict[Family, list[Notification]] = {}
    for message in messages:
        found.setdefault(family_of(message.kind), []).append(message)
    return found
