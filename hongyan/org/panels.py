"""What the pages of a unit, a person and an audited act show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.audit import label_of, purpose_of
from hongyan.core.audit_seals import Fault
from hongyan.core.models import AuditArchive, AuditEvent, ExceptionEvent
from hongyan.org import approvals
from hongyan.org.codes import ApprovalAct, ApprovalState, Level, Line
from hongyan.org.figures import ShownFigure
from hongyan.org.lists.approvals import STATES, amount_of, due_of, maker_of, risk_of
from hongyan.org.lists.audit import actor_of, integrity, result_of, subject_of
from hongyan.org.lists.audit_archives import integrity as archive_integrity
from hongyan.org.lists.exceptions import kind_of, state_of
from hongyan.org.models import ApprovalEvent, Place, Staff, Unit
from hongyan.org.queries.approvals import ApprovalPage
from hongyan.org.queries.posts import acted_in
from hongyan.org.queries.staff import StaffPage
from hongyan.org.queries.tree import names_above
from hongyan.org.queries.viewers import post_label
from hongyan.ui import cells
from hongyan.ui.records import Field, RecordHeader, Section, TimelineEntry

SHOWN_REFERENCES = 5


def unit_header(place: Place, figures: Iterable[ShownFigure]) -> RecordHeader:
    """A unit's name, level and state, and the numbers other rooms lend, each leading to its rows."""
    unit = place.unit
    return RecordHeader(
        title=unit.name,
        key=unit.code,
        code=unit.code,
        kind=Level(place.level).label,
        badges=_unit_badges(unit),
        facts=[Field(figure.label, _linked(figure)) for figure in figures],
    )


def unit_sections(places: Sequence[Place]) -> list[Section]:
    """A unit's facts, and where it stands in each tree."""
    unit = places[0].unit
    facts = Section(
        _("机构资料"),
        (
            Field(_("简称"), unit.short_name),
            Field(_("经营方式"), unit.get_management_display()),
            Field(_("营业机构"), pgettext("是否", "是") if unit.is_operating else pgettext("是否", "否")),
            Field(_("行政区划"), cells.code(unit.division)),
            Field(_("邮政编码"), cells.code(unit.postcode)),
            Field(_("启用日期"), unit.valid_from and cells.when(unit.valid_from)),
            Field(_("终止日期"), cells.when(unit.valid_to) if unit.valid_to else ""),
        ),
        icon="building",
    )
    return [facts, *(_place_section(place) for place in places)]


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


def _unit_badges(unit: Unit) -> list[str]:
    """Only what is not normal."""
    badges: list[str] = []
    if unit.valid_to and unit.valid_to < clock.business_date():
        badges.append(cells.badge(_("已终止"), "off"))
    if not unit.is_operating:
        badges.append(cells.badge(_("非营业机构"), "info"))
    return badges


def _place_section(place: Place) -> Section:
    above = pgettext("机构路径", " › ").join(names_above(place)) or _("最上级机构")
    fields = (
        Field(_("机构层级"), Level(place.level).label),
        Field(_("上级机构"), above),
        Field(_("机构编号"), cells.code(f"{place.lo}–{place.hi}")),
    )
    return Section(_("在{tree}机构树").format(tree=place.get_tree_display()), fields, icon="sitemap")


def _linked(figure: ShownFigure) -> str:
    return format_html('<a class="num" href="{}">{}</a>', figure.url, figure.count)


def event_fields(event: AuditEvent) -> list[Field]:
    """Who did what to which record, when, from where and why."""
    return [
        Field(_("时间"), cells.when(event.at)),
        Field(_("操作人"), actor_of(event)),
        Field(_("岗位"), acted_in(event.post_id, event.actor)),
        Field(_("操作"), label_of(event.act)),
        Field(_("操作代码"), cells.code(event.act)),
        Field(_("对象"), subject_of(event)),
        Field(_("结果"), result_of(event)),
        Field(_("用途或原因"), purpose_of(event)),
        Field(_("条数"), cells.number(event.count)),
        Field(_("来源地址"), cells.code(event.address)),
        Field(_("完整性"), integrity(event)),
    ]


def archive_fields(archive: AuditArchive) -> list[Field]:
    """What an archived month holds, and whether its entry is as it was written."""
    return [
        Field(_("月份"), cells.code(f"{archive.month:%Y-%m}")),
        Field(_("行数"), cells.number(archive.rows)),
        Field(_("编号"), cells.code(f"{archive.first_id}–{archive.last_id}")),
        Field(_("归档时间"), cells.when(archive.archived_at)),
        Field(_("归档登记"), archive_integrity(archive)),
        Field(_("内容摘要"), cells.code(archive.digest), is_wide=True),
    ]


def _references(event: ExceptionEvent) -> SafeString:
    """The numbers of the last occurrences, each whole on its line."""
    shown = event.references[:SHOWN_REFERENCES]
    return format_html_join(" ", "{}", ((cells.code(reference),) for reference in shown))


def exception_fields(event: ExceptionEvent) -> list[Field]:
    """What an exception is, how often it happened, and what was done about it."""
    fields = [
        Field(_("种类"), kind_of(event)),
        Field(pgettext("异常日志", "状态"), state_of(event)),
        Field(_("次数"), cells.number(event.count)),
        Field(_("首次发生"), cells.when(event.first_seen)),
        Field(_("最近发生"), cells.when(event.last_seen)),
        Field(_("最近的编号"), _references(event)),
    ]
    if event.handled_at:
        handled = [
            Field(_("处理人"), event.handled_by),
            Field(_("处理时间"), cells.when(event.handled_at)),
            Field(_("如何处理"), event.note, is_wide=True),
        ]
        fields += handled
    return fields


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One fault of a verification in words; `url` opens the row where there is one to open."""

    word: str
    subject: str
    url: str


def shown_findings(result: Mapping[str, Any]) -> list[ShownFinding]:
    """The faults a verification named, in the order of the rows."""
    return [_shown(Fault(finding["fault"]), finding["id"]) for finding in result.get("findings", ())]


def _shown(fault: Fault, number: int) -> ShownFinding:
    words = {
        Fault.ALTERED: _("内容被改动"),
        Fault.REMOVED: _("记录被删除"),
        Fault.ADDED: _("记录是后来插入的"),
        Fault.EXCHANGED: _("记录被调换"),
        Fault.SEAL_ALTERED: _("封签被改动"),
        Fault.SEAL_MISSING: _("前一封签缺失"),
        Fault.ARCHIVE_ALTERED: _("归档登记被改动"),
        Fault.ARCHIVE_LOST: _("归档文件缺失或损坏"),
    }
    if fault in {Fault.ARCHIVE_ALTERED, Fault.ARCHIVE_LOST}:
        return ShownFinding(words[fault], _("{month} 月归档").format(month=number), "")
    if fault in {Fault.SEAL_ALTERED, Fault.SEAL_MISSING}:
        return ShownFinding(words[fault], _("第 {number} 号封签").format(number=number), "")
    url = "" if fault == Fault.REMOVED else reverse("org:audit_event", args=[number])
    return ShownFinding(words[fault], _("第 {number} 号记录").format(number=number), url)


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
