"""Samples for the gallery: invented things with awkward names, so that every component meets its
worst case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.functional import Promise

from hongyan.ui import cells
from hongyan.ui.charts import Chart, Series
from hongyan.ui.lists import (
    Action,
    BooleanFilter,
    BulkAction,
    Choice,
    ChoiceFilter,
    Column,
    Count,
    DateRangeFilter,
    EmptyState,
    ListPage,
    ListSpec,
    ListState,
    MultiFilter,
    Sort,
    TextFilter,
    paginate_by,
    view_tabs,
)
from hongyan.ui.records import (
    Change,
    Field,
    NextAction,
    RecordHeader,
    Section,
    Source,
    Tab,
    TimelineEntry,
)
from hongyan.ui.shell import MenuItem, Option, Shell, Suggestion, SuggestionGroup

LIST_URL, RECORD_URL = reverse_lazy("ui:gallery-list"), reverse_lazy("ui:gallery-record")
NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
LONG_NAME = "山东省济南市历下区泉城路街道芙蓉街民俗文化传播与非物质文化遗产保护有限责任公司第二分公司"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("秀英", "建国", "子涵", "梦琪", "伟", "芳", "志强", "欣怡", "海燕", "宇轩", "丽娟", "浩然")
PLACES = ("泉城路营业部", "解放路支局", "山大路揽投部", "洪家楼支局", "千佛山营业部")
LEVELS = (("platinum", "白金"), ("gold", "金"), ("silver", "银"), ("", "普通"))
STATES = (
    ("正常", "good"),
    ("等待", "wait"),
    ("将到期", "warn"),
    ("冻结", "bad"),
    ("新来的", "info"),
    ("停用", "off"),
)
ALERTS = (("昨夜收到 3 个文件", "info"), ("有 18 行被隔离", "warn"), ("没有保存成功", "bad"))
LINES = ("邮", "速", "储", "险", "证")


@dataclass(frozen=True)
class Sample:
    """One invented row."""

    pk: int
    name: str
    level: str
    place: str
    amount: Decimal | None
    seen: date | None
    lines: frozenset[int]
    state: str

    @property
    def code(self) -> str:
        return f"H{self.pk:010}{self.pk % 11 % 10}"


def _sample(number: int) -> Sample:
    name = SURNAMES[number * 7 % 20] + GIVEN[number * 5 % 12]
    return Sample(
        pk=number,
        name=LONG_NAME if number == 3 else name,
        level=LEVELS[min(3, number * 13 % 11 // 2)][0],
        place=PLACES[number * 3 % 5],
        amount=None
        if number % 9 == 4
        else Decimal(number * 7919 % 1_500_000) / 10 - (2000 if number % 17 == 0 else 0),
        seen=None if number % 13 == 5 else date(2026, 11, 22) - timedelta(days=number * 17 % 500),
        lines=frozenset(index for index in range(5) if (number * 11 >> index) & 1),
        state="frozen" if number % 12 == 7 else "review" if number % 15 == 2 else "",
    )


SAMPLES = [_sample(number) for number in range(1, 1205)]


def _state(row: Sample) -> str:
    if row.state == "frozen":
        return cells.badge("冻结", "bad")
    return cells.badge("待核实", "warn") if row.state == "review" else cells.NOTHING


def _lines(row: Sample) -> str:
    return cells.chips(cells.Chip(LINES[index], f"{LINES[index]}政") for index in sorted(row.lines))


LIST = ListSpec(
    key="samples",
    title="示例",
    columns=(
        Column(
            "name",
            "名称",
            cell=lambda row: cells.named(row.name, key=row.pk),
            sort="name",
            width="l",
            phone_role="title",
        ),
        Column("code", "编码", cell=lambda row: cells.code(row.code), width="m", phone_role="subtitle"),
        Column(
            "phone",
            "手机",
            cell=lambda row: cells.masked(f"138****{row.pk % 10000:04}"),
            width="m",
            phone_role="meta",
        ),
        Column("level", "等级", cell=lambda row: dict(LEVELS)[row.level], width="xs", default=False),
        Column("lines", "业务", cell=_lines, width="m"),
        Column("place", "机构", width="", phone_role="meta"),
        Column(
            "amount",
            "年金额",
            cell=lambda row: cells.money(row.amount),
            sort="amount",
            width="m",
            align="end",
            phone_role="aside",
        ),
        Column(
            "seen",
            "最近往来",
            cell=lambda row: cells.when(row.seen),
            sort="seen",
            width="m",
            phone_role="fact",
        ),
        Column("state", "状态", cell=_state, width="s", phone_role="meta", hint="正常的不显示"),
    ),
    filters=(
        TextFilter(key="q", label="名称", placeholder="名称、拼音或编码", quick=True),
        ChoiceFilter(
            key="place", label="机构", choices=tuple(Choice(place, place) for place in PLACES), quick=True
        ),
        MultiFilter(
            key="level", label="等级", choices=tuple(Choice(*level) for level in LEVELS[:3]), quick=True
        ),
        DateRangeFilter(key="seen", label="最近往来"),
        BooleanFilter(key="frozen", label="冻结", yes="已冻结", no="未冻结"),
    ),
    sorts=(
        Sort("name", "名称", ("name",)),
        Sort("amount", "年金额", ("amount",), is_descending=True),
        Sort("seen", "最近往来", ("seen",), is_descending=True),
    ),
    default_sort="-amount",
    actions=(Action("新建", "#new", icon="plus", is_primary=True, shortcut="n"),),
    bulk_actions=(
        BulkAction("tag", "打标签", "#tag", icon="tag"),
        BulkAction("assign", "改派", "#assign", icon="user-share"),
        BulkAction("remove", "移出名单", "#remove", icon="trash", is_danger=True),
    ),
    empty=EmptyState(
        "还没有示例",
        "这里会列出示例。可以新建一个，或从文件导入。",
        icon="users",
        actions=(
            Action("新建", "#new", icon="plus", is_primary=True),
            Action("导入", "#import", icon="upload"),
        ),
    ),
    row_url=lambda row: f"{RECORD_URL}?id={row.pk}",
)


@dataclass(frozen=True)
class SampleView:
    key: str
    name: str
    query: str
    is_shared: bool = False
    is_pinned: bool = False
    is_default: bool = False
    save_url: str = "#save"
    delete_url: str = "#delete"
    seen: str = ""


VIEWS = (
    SampleView("1", "本季要回访的", "level=platinum&level=gold&sort=-seen"),
    SampleView("2", "冻结待处理", "frozen=1", is_pinned=True),
    SampleView(
        "3",
        "泉城路营业部的全部白金级与金级示例（全市共享）",
        "place=%E6%B3%89%E5%9F%8E%E8%B7%AF%E8%90%A5%E4%B8%9A%E9%83%A8",
        is_shared=True,
    ),
)


def list_page(state: ListState, *, rows: int) -> ListPage:
    """The sample list: filters and order applied in memory, paged by the same cursors as a queryset."""
    chosen = sorted(
        (row for row in SAMPLES[:rows] if _matches(row, state.values)), key=lambda row: _position(state, row)
    )

    def fetch(position: list[Any] | None, limit: int, *, backward: bool) -> Sequence[Sample]:
        ordered = chosen[::-1] if backward else chosen
        keys = [[*_position(state, row)] for row in ordered]
        start = keys.index(position) + 1 if position in keys else 0
        return ordered[start : start + limit]

    page = paginate_by(fetch, state, position_of=lambda row: [*_position(state, row)])
    count = (
        Count(len(chosen))
        if state.is_exact_count
        else Count(min(1000, len(chosen)), is_capped=len(chosen) > 1000)
    )
    return ListPage(state.spec, state, page, count, frozenset(), view_tabs(state, VIEWS), "#save-as")


def _position(state: ListState, row: Sample) -> tuple[Any, ...]:
    value = getattr(row, state.sort_fields[0])
    if isinstance(value, str):
        return (value, row.pk)
    size = float(value.toordinal() if isinstance(value, date) else value or 0)
    return (value is None, -size if state.is_descending else size, row.pk)


def _matches(row: Sample, values: Mapping[str, Any]) -> bool:
    span = values.get("seen")
    return (
        values.get("q", "") in row.name + row.code
        and values.get("place", row.place) == row.place
        and row.level in values.get("level", (row.level,))
        and values.get("frozen", row.state == "frozen") == (row.state == "frozen")
        and (
            span is None
            or (row.seen is not None and (span.start or row.seen) <= row.seen <= (span.end or row.seen))
        )
    )


def frame() -> dict[str, Any]:
    """The frame around gallery pages, as ``hongyan.web`` would supply it."""
    gallery: str | Promise = reverse_lazy("ui:gallery")
    return {
        "menu": [
            MenuItem("工作台", "#", icon="home", badge=3),
            MenuItem(
                "列表",
                str(LIST_URL),
                icon="users",
                active=True,
                children=(MenuItem("全部", "#", "", active=True), MenuItem("回收站", "#", "", badge=128)),
            ),
            MenuItem("记录", str(RECORD_URL), icon="id"),
            MenuItem("组件", str(gallery), icon="components"),
            MenuItem("名字特别长的一个菜单项目", "#", icon="folder"),
            MenuItem("系统", "#", icon="settings"),
        ],
        "shell": Shell(
            user_name="林海燕",
            user_detail="泉城路营业部 · 工号 370102001",
            home_url=str(gallery),
            logout_url="#logout",
            search_url="#search",
            suggest_url=str(reverse_lazy("ui:gallery-suggestions")),
            search_hint="名称、拼音、首字母、编码或手机",
            posts=(
                Option("1", "泉城路营业部", "经理岗", is_current=True),
                Option("2", "历下区分公司", "业务督导"),
            ),
            post_url="#post",
            notifications_url="#notifications",
            notification_count=12,
            reveal_purposes=(
                Option("visit", "回访联系"),
                Option("verify", "核对身份"),
                Option("complaint", "处理投诉"),
            ),
        ),
    }


def components() -> dict[str, Any]:
    return {
        "long_name": LONG_NAME,
        "states": STATES,
        "alerts": ALERTS,
        "now": NOW,
        "day": date(2026, 11, 22),
        "amount": Decimal("1234.56"),
        "large": Decimal("123456789.12"),
        "minus": Decimal("-56000.5"),
        "zero": Decimal(0),
        "chips_on": [
            cells.Chip("邮", "邮务"),
            cells.Chip("速", "速递"),
            cells.Chip("储", "未开通", is_on=False),
        ],
        "tags": [
            cells.Chip("重点", tone="info"),
            cells.Chip("近 90 天无往来", tone="warn"),
            cells.Chip(LONG_NAME[:24]),
        ],
        "names": [sample.name for sample in SAMPLES[3:11]],
        "chart": _chart(),
        "masked_phone": cells.masked(
            "138****5678", reveal_url=str(reverse_lazy("ui:gallery-reveal")), what="手机号"
        ),
        "actions": LIST.actions,
    }


def _chart() -> Chart:
    months = tuple(f"{month}月" for month in range(1, 13))
    series = (
        Series("邮务", (120, 210, 230, 190, 200, 130, 60, None, 40, 55, 90, 185)),
        Series("速递<b>", (200, 15, 30, 260, 380, 370, 70, 20, 50, 220, 250, 20)),
        Series("储蓄", (320, 640, 40, 590, 560, 20, 450, 720, 0, 290, 750, 340)),
    )
    return Chart("months", "各月往来", "件", months, series, is_stacked=True)


def suggestions(text: str) -> list[SuggestionGroup]:
    found = [sample for sample in SAMPLES if text in sample.name][:6]
    items = tuple(Suggestion(sample.name, f"{RECORD_URL}?id={sample.pk}", sample.code) for sample in found)
    return [SuggestionGroup("示例", items, "#all")] if items else []


SOURCE = Source("老客管", NOW - timedelta(days=3), "已核实的优先，其次来源等级", "#lineage")
OTHER_SOURCE = Source("集邮", NOW - timedelta(days=400))
PARTS = {"activity": "动态", "data": "资料", "history": "变更", "none": "空的一栏"}
PART_COUNTS = {"data": "", "history": "3", "activity": "1,000+"}


def record(tab: str) -> dict[str, Any]:
    """The sample record with one of its parts open."""
    part = tab or "activity"
    return {
        "part": part,
        "tabs": _tabs(part),
        "record": _header(),
        "sections": _sections(),
        "data": _data(),
        "entries": _entries(),
        "changes": _changes(),
        "chart": _chart(),
    }


def _tabs(part: str) -> list[Tab]:
    return [
        Tab(key, word, f"?tab={key}", PART_COUNTS.get(key, ""), is_active=key == part)
        for key, word in PARTS.items()
    ]


def _header() -> RecordHeader:
    return RecordHeader(
        title=LONG_NAME,
        key="H00000000035",
        kind="单位",
        code="H00000000035",
        badges=(cells.badge("待核实", "warn"), cells.chips([cells.Chip("邮"), cells.Chip("速")])),
        facts=(
            Field("等级", "白金"),
            Field("归属机构", "泉城路营业部"),
            Field("年金额", cells.money(Decimal("123456.78"), summary=True)),
            Field("最近往来", cells.when(date(2026, 11, 19))),
            Field("积分", cells.unknown("unconnected")),
        ),
        actions=(
            Action("打电话", "#call", icon="phone"),
            Action("约访", "#visit", icon="calendar-plus"),
            Action("编辑", str(reverse_lazy("ui:gallery-dialog")), icon="edit", is_primary=True, dialog=True),
        ),
        next_action=NextAction(
            "协议 12 月 1 日到期，联系续签", date(2026, 12, 1), Action("记一次联系", "#log")
        ),
    )


def _sections() -> list[Section]:
    return [
        Section(
            "联系方式",
            (
                Field(
                    "手机",
                    cells.masked(
                        "138****5678", reveal_url=str(reverse_lazy("ui:gallery-reveal")), what="手机号"
                    ),
                    SOURCE,
                ),
                Field("固定电话", "0531-8600****", OTHER_SOURCE),
                Field("电子邮箱", None),
                Field("地址", LONG_NAME[:22] + "芙蓉街 88 号 3 号楼 1204 室", SOURCE),
            ),
            icon="phone",
        ),
        Section(
            "归属",
            (
                Field("机构", "泉城路营业部"),
                Field("经理", "林海燕"),
                Field("自", cells.when(date(2024, 3, 1))),
            ),
            icon="map-pin",
        ),
        Section(
            "授权",
            (
                Field("营销短信", cells.unknown("no_consent")),
                Field("电话回访", cells.state_dot("已同意", "good")),
            ),
            icon="shield-check",
            is_open=False,
        ),
    ]


def _data() -> list[Field]:
    return [
        Field("名称", LONG_NAME, SOURCE, is_wide=True),
        Field("统一社会信用代码", "9137**********0X1M", SOURCE),
        Field("法定代表人", "王**", SOURCE),
        Field("行业", "商企", SOURCE),
        Field("规模", "中", OTHER_SOURCE),
        Field("成立日期", cells.when(date(2009, 5, 18)), OTHER_SOURCE),
        Field("注册资本", None),
    ]


def _entries() -> list[TimelineEntry]:
    return [
        TimelineEntry(
            NOW + timedelta(days=2),
            "待办",
            "回访续签意向",
            icon="calendar-due",
            author="林海燕",
            tone="warn",
            is_due=True,
        ),
        TimelineEntry(
            NOW - timedelta(hours=20),
            "电话",
            "接通，4 分 12 秒",
            icon="phone",
            text="同意 11 月 28 日上门，请带新的资费表。",
            author="林海燕",
            url="#",
            tone="good",
        ),
        TimelineEntry(NOW - timedelta(days=3), "变更", "地址改为芙蓉街 88 号", icon="edit", author="系统"),
        TimelineEntry(
            NOW - timedelta(days=40),
            "投诉",
            "件损，已赔付 ¥320.00",
            icon="alert-triangle",
            text=LONG_NAME,
            author="张志强",
            url="#",
            tone="bad",
        ),
    ]


def _changes() -> list[Change]:
    return [
        Change(
            NOW - timedelta(days=3),
            "系统",
            "地址",
            "泉城路 1 号",
            "芙蓉街 88 号 3 号楼 1204 室",
            "来源更新",
        ),
        Change(NOW - timedelta(days=90), "林海燕", "等级", "金", "白金", "季度评定"),
        Change(NOW - timedelta(days=400), "张志强", "电子邮箱", None, "office@example.com"),
    ]


class SampleForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40, help_text="营业执照上的全称。")
    email = forms.EmailField(label="电子邮箱", required=False)
    place = forms.ChoiceField(
        label="机构",
        choices=[(place, place) for place in PLACES],
        widget=forms.Select(attrs={"data-select": ""}),
    )
    day = forms.DateField(label="生效日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="类别", choices=[("1", "个人"), ("2", "单位")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="已取得本人同意")
