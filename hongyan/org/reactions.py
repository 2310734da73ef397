"""What the organisation does when an approval ends, and what takes approval here (岗位授予、机构调整)."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hongyan.core.events import on
from hongyan.org import approvals
from hongyan.org.actions import posts, reorganise
from hongyan.org.approvals import Fact, Kind
from hongyan.org.codes import ApprovalDecided, Level, Role, Viewer
from hongyan.org.models import PostRequest, Reorganisation
from hongyan.org.queries.posts import KIND, KINDS, PRIVILEGED_KIND
from hongyan.org.queries.reorganisations import shown_units
from hongyan.org.queries.viewers import current_roles, post_label
from hongyan.org.rights import PRIVILEGED, RIGHTS
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.ui import cells


@on(ApprovalDecided)
def settle_post_request(event: ApprovalDecided) -> None:
    """An approved request becomes a post."""
    if event.kind in KINDS:
        posts.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_reorganisation(event: ApprovalDecided) -> None:
    """An approved reorganisation waits for its day."""
    if event.kind == reorganise.KIND:
        reorganise.settle(int(event.subject), event.state)


def _facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
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


def _url(_subject: str) -> str:
    return reverse("org:post_requests")


def _move_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What moves where on which day, and how much that changes."""
    row = Reorganisation.objects.select_related("parent").get(pk=int(subject))
    foreseen = row.preview
    return (
        (_("调整的机构"), pgettext("列举", "、").join(shown_units(row.unit_codes).values())),
        (_("新的上级机构"), str(row.parent)),
        (_("生效日期"), cells.when(row.effective_on)),
        (_("一起调整的机构数"), cells.number(foreseen["units"])),
        (_("涉及人员"), cells.number(foreseen["staff"])),
        (_("更新编号的数据行"), cells.number(sum(foreseen["rows"].values()))),
        (_("数据范围变化的岗位"), cells.number(sum(reach["posts"] for reach in foreseen["reach"]))),
        (_("取值变化的参数"), cells.number(len(foreseen["parameters"]))),
    )


approvals.register(
    Kind(
        KIND,
        gettext_lazy("岗位申请"),
        _facts,
        _url,
        route=(Check(1, (HEAD, Role.SECURITY_ADMIN.value)),),
    )
)
approvals.register(
    Kind(
        PRIVILEGED_KIND,
        gettext_lazy("特权岗位申请"),
        _facts,
        _url,
        route=(Check(1, (Role.SECURITY_ADMIN.value, Role.GROUP_ADMIN.value)),),
    )
)
approvals.register(
    Kind(
        reorganise.KIND,
        gettext_lazy("机构调整"),
        _move_facts,
        lambda subject: reverse("org:reorganisation", args=[int(subject)]),
        route=(Check(1, (Role.GROUP_ADMIN.value, Role.SYSTEM_ADMIN.value), level=Level.GROUP),),
    )
)
