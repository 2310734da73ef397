"""What the pages of a unit, a person and an audited act show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.core.audit import label_of
from hongyan.core.audit_seals import Fault
from hongyan.core.models import AuditEvent
from hongyan.org.codes import Level
from hongyan.org.figures import ShownFigure
from hongyan.org.lists.audit import actor_of, integrity, result_of, subject_of
from hongyan.org.models import Place, Unit
from hongyan.org.queries.staff import StaffPage
from hongyan.org.queries.tree import names_above
from hongyan.org.queries.viewers import post_label
from hongyan.ui import cells
from hongyan.ui.records import Field, RecordHeader, Section


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
        Field(_("操作"), label_of(event.act)),
        Field(_("操作代码"), cells.code(event.act)),
        Field(_("对象"), subject_of(event)),
        Field(_("结果"), result_of(event)),
        Field(_("用途或原因"), event.purpose),
        Field(_("条数"), cells.number(event.count)),
        Field(_("来源地址"), cells.code(event.address)),
        Field(_("完整性"), integrity(event)),
    ]


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
    }
    if fault in {Fault.SEAL_ALTERED, Fault.SEAL_MISSING}:
        return ShownFinding(words[fault], _("第 {number} 号封签").format(number=number), "")
    url = "" if fault == Fault.REMOVED else reverse("org:audit_event", args=[number])
    return ShownFinding(words[fault], _("第 {number} 号记录").format(number=number), url)
