"""What the page of a unit shows (机构页)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.org.codes import Level
from hongyan.org.figures import ShownFigure
from hongyan.org.models import Place, Unit
from hongyan.org.queries.tree import names_above
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
