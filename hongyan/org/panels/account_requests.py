"""What a checker of something to be done to an account decides by (账号办理)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hongyan.org.approvals import Fact
from hongyan.org.codes import AccountAct, Viewer
from hongyan.org.models import AccountRequest
from hongyan.org.panels.staff import account_state
from hongyan.org.panels.words import asked_line, named
from hongyan.org.queries.viewers import post_label, posts_ahead
from hongyan.ui import cells
from hongyan.ui.records import Field


def account_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Whose account it is, what they may do with it, and what would be done to it."""
    request = AccountRequest.objects.select_related("staff", "post__place__unit").get(pk=int(subject))
    staff, post = request.staff, request.post
    held = posts_ahead(staff.pk)
    what = AccountAct(request.act)
    return (
        (_("人员"), cells.named(staff.name, key=staff.staff_no, detail=staff.staff_no)),
        (_("办理事项"), str(what.label)),
        (_("结束的岗位"), post_label(post.role, str(post.place.unit)))
        if post
        else (_("账号"), account_state(staff)),
        Field(
            _("现任和代理的岗位"),
            pgettext("列举", "、").join(post_label(one.role, str(one.place.unit)) for one in held),
            is_wide=True,
        ),
        Field(_("后果"), str(_CONSEQUENCES[what]), is_wide=True),
    )


_CONSEQUENCES = {
    AccountAct.ACTIVATE: gettext_lazy(
        "申请人领取激活码并当面或电话告知本人；用它设置新密码后，原密码、两步验证和接口令牌失效。"
    ),
    AccountAct.END_POST: gettext_lazy("批准后立即结束，从此人下一次操作起不能再用这个岗位。"),
}


def accounts_asked(subjects: Collection[str]) -> dict[str, str]:
    """What would be done to whose account."""
    rows = AccountRequest.objects.select_related("staff", "post__place__unit").filter(pk__in=subjects)
    return {str(row.pk): asked_line(named(row.staff), _act_of(row)) for row in rows}


def _act_of(row: AccountRequest) -> str:
    what = str(AccountAct(row.act).label)
    if row.post is None:
        return what
    return f"{what} {post_label(row.post.role, str(row.post.place.unit))}"


def account_url(subject: str) -> str:
    """The page of the person whose account it is."""
    request = AccountRequest.objects.select_related("staff").get(pk=int(subject))
    return reverse("org:staff", args=[request.staff.staff_no])
