"""The list of staff (人员)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.org.codes import Line, Right, Role, Viewer
from hongyan.org.models import Staff
from hongyan.org.queries.staff import find_by_text, staff_list
from hongyan.org.queries.tree import unit_choice, unit_choices
from hongyan.org.queries.viewers import post_label
from hongyan.ui import cells
from hongyan.ui.lists import (
    Action,
    BooleanFilter,
    Choice,
    ChoiceFilter,
    Column,
    EmptyState,
    ListSpec,
    MultiFilter,
    Sort,
    TextFilter,
    TreeFilter,
)


def _as_it_is(staff: QuerySet[Any], _value: object) -> QuerySet[Any]:
    """Unit, role and line must hold for one and the same post: `rows_for` narrows by all at once."""
    return staff


def rows_for(viewer: Viewer, values: Mapping[str, Any]) -> QuerySet[Staff]:
    """The people in scope with one post that meets all the list's conditions on posts."""
    return staff_list(
        viewer,
        unit=values.get("unit", ""),
        roles=values.get("role", ()),
        line=values.get("line", ""),
    )


def _posts(staff: Staff) -> str | SafeString:
    posts = staff.current_posts  # type: ignore[attr-defined]
    if not posts:
        return cells.state_dot(_("没有现任岗位"), "off")
    first = post_label(posts[0].role, str(posts[0].place.unit))
    return first if len(posts) == 1 else _("{post} 等 {count} 个").format(post=first, count=len(posts))


def _lines(staff: Staff) -> SafeString:
    codes = {code for post in staff.current_posts for code in post.line_codes}  # type: ignore[attr-defined]
    return cells.chips(cells.Chip(line.label) for line in Line if line in codes)


def _name(staff: Staff) -> SafeString:
    """The name; only an account that is not in use is worth a word."""
    return cells.named(staff.name, key=staff.staff_no, detail="" if staff.is_active else _("已停用"))


STAFF_LIST = ListSpec(
    key="staff",
    title=gettext_lazy("人员"),
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            _name,
            sort="name",
            width="m",
            phone_role="title",
        ),
        Column(
            "staff_no",
            gettext_lazy("工号"),
            lambda staff: cells.code(staff.staff_no),
            sort="staff_no",
            width="m",
            phone_role="aside",
        ),
        Column("posts", gettext_lazy("岗位"), _posts, phone_role="subtitle"),
        Column("lines", gettext_lazy("业务板块"), _lines, width="l"),
        Column(
            "mobile",
            gettext_lazy("手机"),
            lambda staff: cells.masked(staff.mobile_masked),
            width="m",
            phone_role="meta",
        ),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("姓名或工号"),
            placeholder=gettext_lazy("姓名、拼音或工号"),
            quick=True,
            narrow=find_by_text,
        ),
        TreeFilter(
            key="unit",
            label=pgettext_lazy("筛选", "机构"),
            quick=True,
            narrow=_as_it_is,
            find=unit_choice,
            options=unit_choices,
        ),
        MultiFilter(
            key="role",
            label=gettext_lazy("角色"),
            quick=True,
            narrow=_as_it_is,
            choices=tuple(Choice(role, role.label) for role in Role),
        ),
        ChoiceFilter(
            key="line",
            label=gettext_lazy("业务板块"),
            narrow=_as_it_is,
            choices=tuple(Choice(line, line.label) for line in Line),
        ),
        BooleanFilter(
            key="active",
            label=gettext_lazy("账号状态"),
            field="is_active",
            yes=gettext_lazy("在用"),
            no=gettext_lazy("已停用"),
        ),
    ),
    sorts=(
        Sort("name", gettext_lazy("姓名"), ("pinyin",)),
        Sort("staff_no", gettext_lazy("工号"), ("staff_no",)),
    ),
    default_sort="name",
    actions=(
        Action(
            gettext_lazy("岗位申请"),
            reverse_lazy("org:post_requests"),
            icon="id-badge-2",
            right=Right.POST_REQUEST,
        ),
    ),
    empty=EmptyState(
        gettext_lazy("还没有人员"),
        gettext_lazy("人员和岗位随 ERP 的交付进来，先装载机构，再装载人员。"),
        icon="users",
    ),
    row_url=lambda staff: reverse("org:staff", args=[staff.staff_no]),
    export_right=Right.ORG_EXPORT,
    is_marked=True,
)
