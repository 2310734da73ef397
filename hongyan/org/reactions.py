"""What the organisation does when an approval ends, and what takes approval here.

Posts (岗位授予), accounts that guard others (账号办理), guarded parameters (参数修改), moves of units (机构调整).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from hongyan.core.events import on
from hongyan.org import approvals
from hongyan.org.actions import accounts, change_parameter, posts, reorganise
from hongyan.org.approvals import Kind
from hongyan.org.codes import ApprovalDecided, Level, Role
from hongyan.org.panels.account_requests import account_facts, account_url, accounts_asked
from hongyan.org.panels.parameter_changes import change_facts, change_url, changes_asked
from hongyan.org.panels.post_requests import post_facts, posts_asked, posts_url
from hongyan.org.panels.reorganisations import move_facts, move_url, moves_asked
from hongyan.org.queries.parameter_changes import CHANGE_KIND
from hongyan.org.queries.posts import KIND, KINDS, PRIVILEGED_KIND
from hongyan.org.rules.approvals import HEAD, Check


@on(ApprovalDecided)
def settle_post_request(event: ApprovalDecided) -> None:
    """An approved request becomes a post."""
    if event.kind in KINDS:
        posts.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_account_request(event: ApprovalDecided) -> None:
    """An approved end of a post is one; an approved code is its maker's to take."""
    if event.kind == accounts.KIND:
        accounts.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_parameter_change(event: ApprovalDecided) -> None:
    """An approved change of a guarded parameter is made."""
    if event.kind == CHANGE_KIND:
        change_parameter.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_reorganisation(event: ApprovalDecided) -> None:
    """An approved reorganisation waits for its day."""
    if event.kind == reorganise.KIND:
        reorganise.settle(int(event.subject), event.state)


approvals.register(
    Kind(
        KIND,
        gettext_lazy("岗位申请"),
        post_facts,
        posts_url,
        asked=posts_asked,
        route=(Check(1, (HEAD, Role.SECURITY_ADMIN.value)),),
    )
)
approvals.register(
    Kind(
        PRIVILEGED_KIND,
        gettext_lazy("特权岗位申请"),
        post_facts,
        posts_url,
        asked=posts_asked,
        route=(Check(1, (Role.SECURITY_ADMIN.value, Role.GROUP_ADMIN.value)),),
    )
)
GUARDIANS_CHECK = (
    Check(1, (Role.SECURITY_ADMIN.value, Role.GROUP_ADMIN.value), level=Level.GROUP, hours=45),
)
"""Whoever guards what binds everybody is checked by another of them; where there is none yet, it waits for one."""

approvals.register(
    Kind(
        accounts.KIND,
        gettext_lazy("账号办理"),
        account_facts,
        account_url,
        asked=accounts_asked,
        route=GUARDIANS_CHECK,
        may_wait=True,
    )
)
approvals.register(
    Kind(
        CHANGE_KIND,
        gettext_lazy("参数修改"),
        change_facts,
        change_url,
        asked=changes_asked,
        route=GUARDIANS_CHECK,
        may_wait=True,
    )
)
approvals.register(
    Kind(
        reorganise.KIND,
        gettext_lazy("机构调整"),
        move_facts,
        move_url,
        asked=moves_asked,
        route=(Check(1, (Role.GROUP_ADMIN.value, Role.SYSTEM_ADMIN.value), level=Level.GROUP),),
        amount_label=gettext_lazy("一起调整的机构数"),
    )
)
