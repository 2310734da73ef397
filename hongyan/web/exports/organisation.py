"""Units, staff, requested posts and reorganisations as files (导出机构与人员)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import ApprovalState, Level, Line, Management, ReorganisationState, Right, Tree, Viewer
from hongyan.org.lists.posts import POST_REQUESTS
from hongyan.org.lists.reorganisations import REORGANISATIONS
from hongyan.org.lists.staff import STAFF_LIST, rows_for
from hongyan.org.lists.units import UNITS
from hongyan.org.models import PostRequest, Staff
from hongyan.org.queries.posts import post_requests
from hongyan.org.queries.reorganisations import reorganisations
from hongyan.org.queries.tree import listed_places
from hongyan.org.queries.viewers import post_label
from hongyan.ui.lists import ListState
from hongyan.web.exports.purposes import ADMINISTRATION


def _yes(is_so: bool) -> str:
    return pgettext("是否", "是") if is_so else pgettext("是否", "否")


def _posts(staff: Staff) -> str:
    posts = staff.current_posts  # type: ignore[attr-defined]
    return pgettext("列举", "、").join(post_label(post.role, str(post.place.unit)) for post in posts)


def _lines(codes: set[str]) -> str:
    return pgettext("列举", "、").join(str(line.label) for line in Line if line in codes)


def _asked_for(request: PostRequest) -> str:
    return post_label(request.role, str(request.place.unit))


_STAFF: Columns = (
    (gettext_lazy("姓名"), lambda staff: staff.name),
    (gettext_lazy("工号"), lambda staff: staff.staff_no),
    (gettext_lazy("岗位"), _posts),
    (
        gettext_lazy("业务板块"),
        lambda staff: _lines({code for post in staff.current_posts for code in post.line_codes}),
    ),
    (gettext_lazy("手机"), lambda staff: staff.mobile_masked),
    (
        gettext_lazy("账号状态"),
        lambda staff: gettext_lazy("在用") if staff.is_active else gettext_lazy("已停用"),
    ),
)
_UNITS: Columns = (
    (gettext_lazy("机构编码"), lambda place: place.unit.code),
    (gettext_lazy("名称"), lambda place: place.unit.name),
    (gettext_lazy("简称"), lambda place: place.unit.short_name),
    (gettext_lazy("机构树"), lambda place: Tree(place.tree).label),
    (gettext_lazy("机构层级"), lambda place: Level(place.level).label),
    (gettext_lazy("上级机构"), lambda place: str(place.parent.unit) if place.parent else ""),
    (gettext_lazy("经营方式"), lambda place: Management(place.unit.management).label),
    (gettext_lazy("营业机构"), lambda place: _yes(place.unit.is_operating)),
    (gettext_lazy("行政区划"), lambda place: place.unit.division),
    (gettext_lazy("邮政编码"), lambda place: place.unit.postcode),
    (gettext_lazy("启用日期"), lambda place: place.unit.valid_from),
    (gettext_lazy("终止日期"), lambda place: place.unit.valid_to),
)
_POST_REQUESTS: Columns = (
    (gettext_lazy("申请时间"), lambda request: f"{timezone.localtime(request.requested_at):%Y-%m-%d %H:%M}"),
    (gettext_lazy("人员"), lambda request: request.staff.name),
    (gettext_lazy("工号"), lambda request: request.staff.staff_no),
    (gettext_lazy("申请的岗位"), _asked_for),
    (gettext_lazy("业务板块"), lambda request: _lines(set(request.line_codes))),
    (gettext_lazy("截止日期"), lambda request: request.valid_to),
    (gettext_lazy("申请人"), lambda request: request.maker.name),
    (gettext_lazy("申请原因"), lambda request: request.reason),
    (pgettext_lazy("审批", "状态"), lambda request: ApprovalState(request.state).label),
)
_REORGANISATIONS: Columns = (
    (gettext_lazy("申请时间"), lambda row: f"{timezone.localtime(row.requested_at):%Y-%m-%d %H:%M}"),
    (gettext_lazy("调整的机构"), lambda row: pgettext("列举", "、").join(row.unit_codes)),
    (gettext_lazy("新的上级机构"), lambda row: str(row.parent)),
    (gettext_lazy("生效日期"), lambda row: row.effective_on),
    (gettext_lazy("申请人"), lambda row: row.maker.name),
    (gettext_lazy("调整原因"), lambda row: row.reason),
    (pgettext_lazy("机构调整", "状态"), lambda row: ReorganisationState(row.state).label),
)


def read_staff(viewer: Viewer, query: QueryDict) -> Found:
    """The people that an address lists."""
    state = ListState.parse(STAFF_LIST, query, viewer=viewer)
    return Found(state, state.apply(rows_for(viewer, state.values)), _STAFF)


def read_units(viewer: Viewer, query: QueryDict) -> Found:
    """The units that an address lists."""
    state = ListState.parse(UNITS, query, viewer=viewer)
    return Found(state, state.apply(listed_places(viewer)), _UNITS)


def read_post_requests(viewer: Viewer, query: QueryDict) -> Found:
    """The requested posts that an address lists."""
    state = ListState.parse(POST_REQUESTS, query, viewer=viewer)
    return Found(state, state.apply(post_requests(viewer)), _POST_REQUESTS)


def read_reorganisations(viewer: Viewer, query: QueryDict) -> Found:
    """The reorganisations that an address lists."""
    state = ListState.parse(REORGANISATIONS, query, viewer=viewer)
    return Found(state, state.apply(reorganisations(viewer)), _REORGANISATIONS)


for _spec, _right, _address, _read in (
    (STAFF_LIST, Right.ORG_EXPORT, "org:staff_list", read_staff),
    (UNITS, Right.ORG_EXPORT, "org:unit_list", read_units),
    (POST_REQUESTS, Right.POST_REQUEST, "org:post_requests", read_post_requests),
    (REORGANISATIONS, Right.REORGANISE, "org:reorganisations", read_reorganisations),
):
    register(Source(_spec.key, _spec.title, _right, _address, purposes=ADMINISTRATION, read=_read))
