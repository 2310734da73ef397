"""Divisions and postcodes as files (导出行政区划、邮政编码)."""

from __future__ import annotations

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.org.codes import DivisionLevel, Match, Right, Viewer
from hongyan.org.lists.places import DIVISIONS, POSTCODES, standing_of
from hongyan.org.queries.places import STANDINGS, divisions, full_name, postcodes
from hongyan.ui.lists import ListState
from hongyan.web.exports.purposes import ADMINISTRATION

_DIVISIONS: Columns = (
    (gettext_lazy("代码"), lambda one: one.code),
    (gettext_lazy("名称"), lambda one: one.name),
    (gettext_lazy("上级"), lambda one: full_name(one.parent) if one.parent else ""),
    (pgettext_lazy("行政区划", "级别"), lambda one: DivisionLevel(one.level).label),
    (gettext_lazy("曾用名"), lambda one: one.former_names),
    (gettext_lazy("名单里的名称"), lambda one: one.listed_as),
    (gettext_lazy("启用年份"), lambda one: one.since),
    (gettext_lazy("撤销年份"), lambda one: one.until),
    (gettext_lazy("邮编数"), lambda one: one.postcodes_known),
    (gettext_lazy("国标与名单"), lambda one: STANDINGS[standing_of(one)][0]),
)
_POSTCODES: Columns = (
    (gettext_lazy("邮编"), lambda one: one.postcode),
    (gettext_lazy("省"), lambda one: one.province),
    (gettext_lazy("市"), lambda one: one.city),
    (gettext_lazy("县"), lambda one: one.county),
    (gettext_lazy("对应的区划"), lambda one: full_name(one.division) if one.division else ""),
    (gettext_lazy("区划代码"), lambda one: one.division.code if one.division else ""),
    (gettext_lazy("对应"), lambda one: Match(one.match).label),
)


def read_divisions(viewer: Viewer, query: QueryDict) -> Found:
    """The divisions that an address lists."""
    state = ListState.parse(DIVISIONS, query, viewer=viewer)
    return Found(state, state.apply(divisions()), _DIVISIONS)


def read_postcodes(viewer: Viewer, query: QueryDict) -> Found:
    """The postcodes that an address lists."""
    state = ListState.parse(POSTCODES, query, viewer=viewer)
    return Found(state, state.apply(postcodes()), _POSTCODES)


for _spec, _address, _read in (
    (DIVISIONS, "org:divisions", read_divisions),
    (POSTCODES, "org:postcodes", read_postcodes),
):
    register(Source(_spec.key, _spec.title, Right.ORG_EXPORT, _address, purposes=ADMINISTRATION, read=_read))
