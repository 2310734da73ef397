"""The frame around every page: menu, search, post, bell, person. Made only when a page draws it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from hongyan.core import clock
from hongyan.customer.codes import Purpose
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.viewers import label_of_post
from hongyan.ui.shell import MenuItem, Option, Shell
from hongyan.web.menu import active_url, menu_for
from hongyan.web.queries import Waiting, waiting_for
from hongyan.web.search.records import pin_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """`menu`, `shell`, `watermark` and `exports_url` for `ui/base.html`, not for strangers; `is_demo` for all.

    `frame_key` names all that menu and dialogs depend on, so that they are drawn once for everybody who sees the same.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return {"is_demo": settings.DEMO}
    return {
        "is_demo": settings.DEMO,
        "pin": pin_of(request.resolver_match),
        "menu": SimpleLazyObject(lambda: menu_for(viewer, request.path, waiting_for(request))),
        "frame_key": SimpleLazyObject(lambda: _frame_key(viewer, request.path, waiting_for(request))),
        "shell": SimpleLazyObject(lambda: shell_for(viewer, waiting_for(request))),
        "exports_url": SimpleLazyObject(_exports_url),
        "watermark": SimpleLazyObject(lambda: watermark_for(viewer)),
    }


@cache
def _exports_url() -> str:
    """What the addresses begin with where lists are asked for as files."""
    return reverse("desk:new_export", args=["list"]).removesuffix("list/")


def _frame_key(viewer: Viewer, path: str, waiting: Waiting) -> str:
    """A role has its rights, and these its entries and purposes; what waits for decision is counted there."""
    return f"{viewer.role}:{active_url(viewer, path)}:{waiting.to_decide}:{waiting.cases}"


def shell_for(viewer: Viewer, waiting: Waiting) -> Shell:
    """What the top bar offers a viewer."""
    return Shell(
        user_name=viewer.name,
        user_detail=viewer.staff_no,
        user_links=(
            MenuItem(_("我的账号"), reverse("org:me"), icon="user"),
            MenuItem(_("通知设置"), reverse("desk:notice_settings"), icon="bell"),
            MenuItem(_("权限说明"), reverse("org:rights"), icon="key"),
            MenuItem(_("我的导出"), reverse("desk:exports"), icon="download"),
            MenuItem(_("我的批量修改"), reverse("desk:mass_runs"), icon="edit"),
            MenuItem(_("定时报表"), reverse("desk:schedules"), icon="calendar-repeat"),
            MenuItem(_("保存的视图"), reverse("desk:my_views"), icon="bookmark"),
        ),
        logout_url=reverse("org:log_out"),
        language_url=reverse("org:choose_language"),
        search_url=reverse("web:search"),
        suggest_url=reverse("web:suggestions"),
        pin_url=reverse("web:pin"),
        opened_url=reverse("web:opened"),
        search_hint=_("姓名、拼音、编码、电话、证件号、邮件号或账号")
        if viewer.may(Right.CUSTOMER_READ)
        else _("人员、机构、页面或操作"),
        posts=_posts(viewer),
        post_url=reverse("org:switch_post"),
        notifications_url=reverse("desk:notifications"),
        notification_count=waiting.unread,
        bell_url=reverse("web:bell"),
        reveal_purposes=[Option(value, label) for value, label in Purpose.choices]
        if viewer.may(Right.CUSTOMER_REVEAL)
        else (),
    )


def watermark_for(viewer: Viewer) -> str:
    """Who looks at a page of personal data, and when; empty where the parameter says so."""
    if not viewer.is_marked:
        return ""
    return f"{viewer.name} {viewer.staff_no} {localtime(clock.now()):%Y-%m-%d %H:%M}"


def _posts(viewer: Viewer) -> list[Option]:
    current = Option(str(viewer.post_id), label_of_post(viewer), is_current=True)
    return [current, *(Option(str(number), label) for number, label in viewer.other_posts)]
