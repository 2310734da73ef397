"""What the page of a request for approval shows (审批)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.org import approvals
from hongyan.org.codes import ApprovalAct, ApprovalState, Line
from hongyan.org.lists.approvals import STATES, amount_of, due_of, maker_of, risk_of
from hongyan.org.models import ApprovalEvent
from hongyan.org.queries.approvals import ApprovalPage
from hongyan.ui import cells
from hongyan.ui.records import Field, RecordHeader, TimelineEntry


def approval_header(page: ApprovalPage) -> RecordHeader:
    """What a request is about, how it stands, and who asks."""
    approval, state = page.approval, ApprovalState(page.approval.state)
    facts = [
        Field(_("申请人"), maker_of(approval)),
        Field(_("提交时间"), cells.when(approval.submitted_at)),
    ]
    if state == ApprovalState.PENDING:
        facts.append(Field(_("时限"), due_of(approval)))
    return RecordHeader(
        title=approvals.label_of(approval.kind),
        key=str(approval.pk),
        code=str(approval.pk),
        kind=_("审批"),
        badges=[cells.badge(state.label, STATES[state])],  # type: ignore[arg-type]
        facts=facts,
    )


def approval_facts(page: ApprovalPage) -> list[Field]:
    """What a checker decides by: the owner's facts, then what the request itself says."""
    approval = page.approval
    fields = [fact if isinstance(fact, Field) else Field(*fact) for fact in page.facts]
    if approval.amount:
        fields.append(Field(approvals.amount_label_of(approval.kind), amount_of(approval)))
    if approval.line:
        fields.append(Field(_("业务板块"), Line(approval.line).label))
    fields.append(Field(pgettext("列", "风险"), risk_of(approval)))
    fields.append(Field(_("申请原因"), approval.reason, is_wide=True))
    return fields


def approval_history(page: ApprovalPage) -> list[TimelineEntry]:
    """What happened to a request so far, with who and why."""
    return [_entry(event) for event in page.way.events]


def _entry(event: ApprovalEvent) -> TimelineEntry:
    icon, tone = _LOOKS[ApprovalAct(event.act)]
    return TimelineEntry(
        at=event.at,
        kind=event.get_act_display(),
        title=_signed(event),
        icon=icon,
        text=event.reason,
        tone=tone,  # type: ignore[arg-type]
    )


def _signed(event: ApprovalEvent) -> str:
    """Who did it, for whom, and where."""
    unit = str(event.place.unit) if event.place else ""
    if event.staff is None:
        return pgettext("审批", "系统 · {unit}").format(unit=unit)
    name = event.staff.name
    if event.holder:
        name = pgettext("审批", "{name}（代{holder}）").format(name=name, holder=event.holder.name)
    return pgettext("审批", "{name} · {unit}").format(name=name, unit=unit)


_LOOKS = {
    ApprovalAct.SUBMIT: ("send", "info"),
    ApprovalAct.APPROVE: ("check", "good"),
    ApprovalAct.REJECT: ("x", "bad"),
    ApprovalAct.RECALL: ("arrow-back-up", ""),
    ApprovalAct.ESCALATE: ("arrow-up", "warn"),
    ApprovalAct.EXPIRE: ("clock-off", "warn"),
}
"""Icon and tone of each act in the history."""
