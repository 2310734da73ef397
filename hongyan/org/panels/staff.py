"""What the page of a person shows (人员页)."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hongyan.org.models import Staff
from hongyan.org.queries.staff import StaffPage
from hongyan.org.queries.viewers import post_label
from hongyan.ui import cells
from hongyan.ui.records import Field, RecordHeader, Section


def staff_header(page: StaffPage) -> RecordHeader:
    """A person's name, number and main post."""
    staff = page.staff
    return RecordHeader(
        title=staff.name,
        key=staff.staff_no,
        code=staff.staff_no,
        kind=post_label(page.posts[0].role, str(page.posts[0].place.unit)),
        badges=() if staff.is_active else (cells.badge(_("账号已停用"), "off"),),
    )


def staff_sections(page: StaffPage) -> list[Section]:
    """How to reach a person; the mobile stays masked."""
    fields = (
        Field(_("手机"), cells.masked(page.staff.mobile_masked)),
        Field(_("电子邮箱"), page.staff.email),
    )
    return [Section(_("联系方式"), fields, icon="phone")]


def account_state(staff: Staff) -> SafeString:
    """Whether somebody can log in."""
    if staff.suspended_at:
        return cells.state_dot(_("长期未登录，已停用"), "warn")
    return cells.state_dot(_("已激活"), "good") if staff.password_set_at else cells.state_dot(_("未激活"))
