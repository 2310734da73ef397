"""What a checker of a requested post decides by (岗位申请)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.org.approvals import Fact
from hongyan.org.codes import Role, Viewer
from hongyan.org.models import PostRequest
from hongyan.org.panels.words import asked_line, named
from hongyan.org.queries.viewers import current_roles, post_label
from hongyan.org.rights import PRIVILEGED, RIGHTS
from hongyan.ui import cells


def post_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Who would get which role where, what they hold already, and what the role lets them do besides."""
    request = PostRequest.objects.select_related("staff", "place__unit").get(pk=int(subject))
    held = current_roles(request.staff_id)
    privileged = RIGHTS[Role(request.role)] & PRIVILEGED
    return (
        (
            _("人员"),
            cells.named(request.staff.name, key=request.staff.staff_no, detail=request.staff.staff_no),
        ),
        (_("申请的岗位"), post_label(request.role, str(request.place.unit))),
        (_("业务板块"), cells.chips(cells.Chip(line.label) for line in request.lines)),
        (_("截止日期"), cells.when(request.valid_to)),
        (_("已任角色"), pgettext("列举", "、").join(str(role.label) for role in held)),
        (_("特权"), pgettext("列举", "、").join(str(right.label) for right in sorted(privileged)) or _("无")),
    )


def posts_asked(subjects: Collection[str]) -> dict[str, str]:
    """Who would get which post."""
    rows = PostRequest.objects.select_related("staff", "place__unit").filter(pk__in=subjects)
    return {
        str(row.pk): asked_line(named(row.staff), post_label(row.role, str(row.place.unit))) for row in rows
    }


def posts_url(_subject: str) -> str:
    """The list the request stands in."""
    return reverse("org:post_requests")
