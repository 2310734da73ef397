"""What the pages of a reorganisation show, and what a checker of one decides by (机构调整)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from hongyan.core import parameters
from hongyan.org import numbered
from hongyan.org.approvals import Fact
from hongyan.org.codes import Line, Viewer
from hongyan.org.lists.reorganisations import state_of, units_of
from hongyan.org.models import Reorganisation
from hongyan.org.queries.parameters import shown_value
from hongyan.org.queries.reorganisations import name_units, shown_units
from hongyan.ui import cells
from hongyan.ui.records import Field, RecordHeader, Section


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a move would do, for the page: numbers, rows by table, units whose posts see less or more, parameters."""

    facts: Sequence[Field]
    rows: Sequence[tuple[str, int]]
    reach: Sequence[tuple[str, int, bool]]
    parameters: Sequence[tuple[str, str, str, str, str]]


def reorganisation_header(row: Reorganisation) -> RecordHeader:
    """Where units move, on which day, and how that stands."""
    return RecordHeader(
        title=_("移到{parent}").format(parent=row.parent),
        key=str(row.pk),
        kind=_("机构调整"),
        badges=(state_of(row),),
        facts=(
            Field(_("生效日期"), cells.when(row.effective_on)),
            Field(_("申请人"), str(row.maker)),
            Field(_("申请时间"), cells.when(row.requested_at)),
            Field(_("调整原因"), row.reason),
            Field(_("完成时间"), cells.when(row.done_at) if row.done_at else cells.none_yet()),
        ),
    )


def reorganisation_sections(row: Reorganisation) -> list[Section]:
    """The units that move, each leading to its page."""
    fields = [
        Field(cells.code(code), format_html('<a href="{}">{}</a>', reverse("org:unit", args=[code]), name))
        for code, name in shown_units(row.unit_codes).items()
    ]
    return [Section(_("调整的机构"), fields, icon="sitemap")]


def foreseen(preview: Mapping[str, Any]) -> Foreseen:
    """A preview, as `actions.reorganise` keeps it, in words."""
    reach, changed = preview["reach"], preview["agreed"]["parameters"]
    names = shown_units([one["unit"] for one in (*reach, *changed)])
    return Foreseen(
        facts=(
            Field(_("一起调整的机构数"), cells.number(preview["units"])),
            Field(_("涉及人员"), cells.number(preview["staff"])),
            Field(_("重新编号的机构"), cells.number(preview["numbered"])),
        ),
        rows=rows_by_table(preview["rows"]),
        reach=[(names[one["unit"]], one["posts"], one["gains"]) for one in reach],
        parameters=[_changed(one, names) for one in changed],
    )


def changes_since(result: Mapping[str, Any]) -> list[str]:
    """Why a move that was approved was not carried out, in sentences; empty where nothing had changed."""
    since = result.get("since", {})
    names = shown_units([*since.get("come", ()), *since.get("gone", ())])
    listed = pgettext("列举", "、")
    told = []
    if "come" in since:
        units = listed.join(names[code] for code in since["come"])
        told.append(_("预览以后多了：{units}").format(units=units))
    if "gone" in since:
        units = listed.join(names[code] for code in since["gone"])
        told.append(_("预览以后少了：{units}").format(units=units))
    return told + [str(_SIDES[side]) for side in since.get("other", ())]


_SIDES = {
    "lose": gettext_lazy("将不再看到它们的上级机构变了"),
    "gain": gettext_lazy("将能看到它们的上级机构变了"),
    "parameters": gettext_lazy("因调整而变化的参数取值变了"),
}


def rows_by_table(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    """What each table of a move is called, and its rows."""
    labels = {one.table: str(one.label) for one in numbered.tables()}
    return [(labels.get(table, table), rows[table]) for table in sorted(rows)]


def _changed(one: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    parameter = parameters.find(one["key"])
    line = str(Line(one["line"]).label) if one["line"] else pgettext("业务板块", "全部")
    label = str(parameter.label) if parameter else one["key"]
    return names[one["unit"]], label, line, shown_value(one["before"]), shown_value(one["after"])


# --- for whoever is asked to agree


def move_facts(_viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What moves where on which day, and how much that changes."""
    row = Reorganisation.objects.select_related("parent").get(pk=int(subject))
    preview = row.preview
    return (
        (_("调整的机构"), pgettext("列举", "、").join(shown_units(row.unit_codes).values())),
        (_("新的上级机构"), str(row.parent)),
        (_("生效日期"), cells.when(row.effective_on)),
        (_("涉及人员"), cells.number(preview["staff"])),
        (_("更新编号的数据行"), cells.number(sum(preview["rows"].values()))),
        (_("数据范围变化的岗位"), cells.number(sum(reach["posts"] for reach in preview["reach"]))),
        (_("取值变化的参数"), cells.number(len(preview["agreed"]["parameters"]))),
    )


def moves_asked(subjects: Collection[str]) -> dict[str, str]:
    """Which units would move where, and when."""
    rows = list(Reorganisation.objects.select_related("parent").filter(pk__in=subjects))
    name_units(rows)
    return {
        str(row.pk): _("{units} → {parent}，{day} 起").format(
            units=units_of(row), parent=row.parent, day=row.effective_on
        )
        for row in rows
    }


def move_url(subject: str) -> str:
    """The page of the reorganisation."""
    return reverse("org:reorganisation", args=[int(subject)])
