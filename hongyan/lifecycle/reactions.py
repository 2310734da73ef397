"""What the customer's life does when an approval ends, and what takes approval in it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.codes import CustomersAnonymised
from hongyan.lifecycle.actions import admission, closing
from hongyan.lifecycle.actions.retiring import empty_applications
from hongyan.lifecycle.actions.settle import FLOWS, OBJECTION_FLOW, settle
from hongyan.lifecycle.codes import ApplicationKind
from hongyan.lifecycle.panels.applications import application_facts, application_url, applications_asked
from hongyan.org import approvals, numbered
from hongyan.org.codes import ApprovalDecided, Level, Line, Risk
from hongyan.org.rules.approvals import HEAD, Check

numbered.follow("lifecycle_application", _("客户申请"))
numbered.follow("lifecycle_inquiry", _("外围校验"))


@on(CustomersAnonymised)
def follow_anonymising(event: CustomersAnonymised) -> None:
    """That somebody applied stays; for whom, and why, does not."""
    with scope.bulk():
        empty_applications(event.customer_ids)


@on(ApprovalDecided)
def settle_application(event: ApprovalDecided) -> None:
    """What was agreed to is done; what was not comes back to its maker."""
    if event.kind in FLOWS:
        settle(event.subject, event.state)


ADMISSION_ROUTE = (
    Check(1, (HEAD,), level=Level.COUNTY),
    Check(2, (HEAD,), level=Level.PROVINCE, risk=Risk.HIGH, hours=18),
    Check(3, (HEAD,), level=Level.GROUP, over=Decimal(1), hours=18),
)
"""The head of the county; exceptions and customers of other units the province too (X-23), of another one the group."""

for _key, _label in (
    (admission.FLOWS[Line.MAIL], pgettext_lazy("审批事项", "邮务协议客户准入")),
    (admission.FLOWS[Line.EXPRESS], pgettext_lazy("审批事项", "速递协议客户准入")),
    (admission.OTHER_FLOW, pgettext_lazy("审批事项", "其他板块协议客户准入")),
):
    approvals.register(
        approvals.Kind(
            _key,
            _label,
            facts=application_facts,
            url=application_url,
            asked=applications_asked,
            route=ADMISSION_ROUTE,
            amount_label=_("客户所在的远近：1 本省其他机构，2 外省"),
        )
    )
approvals.register(
    approvals.Kind(
        admission.PROSPECT_FLOW,
        pgettext_lazy("审批事项", "潜在客户登记、冻结与注销"),
        facts=application_facts,
        url=application_url,
        asked=applications_asked,
    )
)
approvals.register(
    approvals.Kind(
        OBJECTION_FLOW,
        pgettext_lazy("审批事项", "另一寄递板块有异议的准入"),
        facts=application_facts,
        url=application_url,
        asked=applications_asked,
        route=(Check(1, (HEAD,), level=Level.PROVINCE),),
        may_wait=True,
    )
)
for _key, _label in (
    (closing.FLOWS[ApplicationKind.CLOSE], pgettext_lazy("审批事项", "客户注销")),
    (closing.FLOWS[ApplicationKind.FREEZE], pgettext_lazy("审批事项", "客户冻结与解冻")),
):
    approvals.register(
        approvals.Kind(_key, _label, facts=application_facts, url=application_url, asked=applications_asked)
    )
