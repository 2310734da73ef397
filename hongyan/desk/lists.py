"""The list of messages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.desk.models import Notification
from hongyan.desk.notices import sentence_of
from hongyan.ui.cells import badge, none_yet, when
from hongyan.ui.lists import Action, BooleanFilter, Column, EmptyState, ListSpec, Sort


def _state(notification: Notification) -> SafeString:
    """Only what is new deserves notice."""
    return none_yet() if notification.read_at else badge(_("未读"), "info")


def _of_state(queryset: QuerySet[Notification], is_unread: bool) -> QuerySet[Notification]:
    return queryset.filter(read_at__isnull=is_unread)


NOTIFICATIONS = ListSpec(
    key="notifications",
    title=_("通知"),
    columns=(
        Column(
            key="sentence",
            label=_("内容"),
            cell=lambda notification: sentence_of(notification.kind, notification.params),
            phone_role="title",
        ),
        Column(key="state", label=pgettext_lazy("通知", "状态"), cell=_state, width="m", phone_role="aside"),
        Column(
            key="at",
            label=_("时间"),
            cell=lambda notification: when(notification.at),
            sort="at",
            width="l",
            phone_role="subtitle",
        ),
    ),
    empty=EmptyState(_("没有通知"), _("与您有关的事情办完或需要您处理时，会在这里告诉您。"), icon="bell"),
    filters=(
        BooleanFilter(
            key="unread", label=_("是否已读"), yes=_("未读"), no=_("已读"), quick=True, narrow=_of_state
        ),
    ),
    sorts=(Sort("at", _("时间"), ("at",), is_descending=True),),
    default_sort="-at",
    actions=(
        Action(
            _("全部标为已读"),
            reverse_lazy("desk:read_all"),
            icon="checks",
            is_post=True,
        ),
    ),
    row_url=lambda notification: reverse("desk:notification", args=[notification.pk]),
)
