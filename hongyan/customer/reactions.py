"""What the customer room does when rooms below it tell something, what takes approval in it, and which of its tables
carry units' numbers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.actions import correct, merge, use_model
from hongyan.customer.actions.relate_all import touch
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.codes import CustomersSplit, CustomersTakenIn
from hongyan.customer.panels.corrections import correction_facts, correction_url, corrections_asked
from hongyan.customer.panels.merges import merge_facts, merges_asked
from hongyan.customer.panels.models import use_facts, use_url, uses_asked
from hongyan.customer.projections import follow_ancestors
from hongyan.org import approvals, numbered
from hongyan.org.codes import ApprovalDecided, Role, TreeRenumbered
from hongyan.org.rules.approvals import HEAD, Check

numbered.follow("customer_customerscope", _("客户归属"), hold=hold_identity)
numbered.follow("customer_listrow", _("客户列表"))
numbered.follow("customer_searchtoken", _("客户检索"))
numbered.follow("customer_caserow", _("待核队列"))
numbered.follow("customer_secondlook", _("归并抽检"))
numbered.follow("customer_casebatch", _("待核批量处理"))
numbered.follow("customer_resolutioncount", _("识别统计"))


@on(TreeRenumbered)
def follow_renumbering(event: TreeRenumbered) -> None:
    """List rows carry the numbers of the units above theirs too; otherwise lists of a city would be wrong."""
    with scope.bulk():
        follow_ancestors(list(event.moves.values()))


@on(CustomersTakenIn)
def relate_those_taken_in(event: CustomersTakenIn) -> None:
    """Who came or changed may be related to others; a job finds out within minutes."""
    touch(event.customer_ids)


@on(CustomersSplit)
def relate_those_split(event: CustomersSplit) -> None:
    """Parties that were taken out have another home now, and maybe other relatives."""
    touch((event.remaining_id, event.parted_id))


@on(ApprovalDecided)
def settle_model(event: ApprovalDecided) -> None:
    """A model that a second person agreed to is in force."""
    if event.kind == use_model.KIND:
        use_model.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_correction(event: ApprovalDecided) -> None:
    """A correction that a second person agreed to is done."""
    if event.kind == correct.KIND:
        correct.settle(int(event.subject), event.approval_id, event.state)


@on(ApprovalDecided)
def settle_merge(event: ApprovalDecided) -> None:
    """A merge that a second person agreed to is done."""
    if event.kind == merge.KIND:
        merge.settle(int(event.subject), event.approval_id, event.state)


approvals.register(
    approvals.Kind(
        merge.KIND,
        pgettext_lazy("审批事项", "客户归并"),
        facts=merge_facts,
        asked=merges_asked,
        url=lambda subject: reverse("customer:merged", args=[int(subject)]),
        route=(Check(1, (Role.STEWARD.value, HEAD)),),
    )
)
approvals.register(
    approvals.Kind(
        correct.KIND,
        pgettext_lazy("审批事项", "更正客户资料"),
        facts=correction_facts,
        asked=corrections_asked,
        url=correction_url,
        route=(Check(1, (Role.STEWARD.value, HEAD)),),
    )
)
approvals.register(
    approvals.Kind(
        use_model.KIND,
        pgettext_lazy("审批事项", "启用识别模型"),
        facts=use_facts,
        asked=uses_asked,
        url=use_url,
        route=(Check(1, (Role.STEWARD.value, HEAD)),),
    )
)
