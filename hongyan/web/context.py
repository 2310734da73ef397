"""The frame around every page: menu, search, post, bell, person. Made only when a page draws it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from hongyan.customer.codes import Purpose
from hongyan.desk.queries import unread_count
from hongyan.org.codes import Right, Viewer
from hongyan.org.queries.viewers import post_label
from hongyan.ui.shell import MenuItem, Option, Shell
from hongyan.web.menu import menu_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """`menu` and `shell` for `ui/base.html`, not for strangers, whose pages have no frame; `is_demo` for all."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        return {"is_demo": settings.DEMO}
    return {
        "is_demo": settings.DEMO,
        "menu": SimpleLazyObject(lambda: menu_for(viewer, request.path)),
        "shell": SimpleLazyObject(lambda: shell_for(viewer)),
    }


def shell_for(viewer: Viewer) -> Shell:
    """What the top bar offers a viewer; one query, for the bell."""
    may_search = viewer.may(Right.CUSTOMER_READ)
    return Shell(
        user_name=viewer.name,
        user_detail=viewer.staff_no,
        user_links=(
            MenuItem(_("我的账号"), reverse("org:me"), icon="user"),
            MenuItem(_("权限说明"), reverse("org:rights"), icon="key"),
            MenuItem(_("保存的视图"), reverse("desk:my_views"), icon="bookmark"),
        ),
        logout_url=reverse("org:log_out"),
        language_url=reverse("org:choose_language"),
        search_url=reverse("customer:search") if may_search else "",
        suggest_url=reverse("customer:suggestions") if may_search else "",
        search_hint=_("姓名、拼音、编码、电话、证件号、邮件号或账号"),
        posts=_posts(viewer),
        post_url=reverse("org:switch_post"),
        notifications_url=reverse("desk:notifications"),
        notification_count=unread_count(viewer),
        reveal_purposes=[Option(value, label) for value, label in Purpose.choices]
        if viewer.may(Right.CUSTOMER_REVEAL)
        else (),
    )


def _posts(viewer: Viewer) -> list[Option]:
    current = Option(str(viewer.post_id), post_label(viewer.role, viewer.unit_name), is_current=True)
    return [current, *(Option(str(number), label) for number, label in viewer.other_posts)]
