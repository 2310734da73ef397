"""The lists of imports and of the rows that one brought."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.customer.codes import Outcome
from hongyan.customer.models import SourceRecord
from hongyan.integration.codes import ImportState
from hongyan.integration.models import CustomerImport
from hongyan.integration.queries.imports import is_stopped
from hongyan.integration.words import who
from hongyan.org.codes import Right
from hongyan.ui import cells
from hongyan.ui.cells import Tone
from hongyan.ui.lists import Action, ChoiceFilter, Column, EmptyState, ListSpec, Sort, TextFilter

TONES: dict[str, Tone] = {
    ImportState.UPLOADED: "warn",
    ImportState.CHECKING: "info",
    ImportState.REFUSED: "bad",
    ImportState.CHECKED: "warn",
    ImportState.ASKED: "warn",
    ImportState.LOADING: "info",
    ImportState.DONE: "good",
    ImportState.REVERTING: "info",
    ImportState.REVERTED: "off",
    ImportState.WITHDRAWN: "off",
}


def state_of(brought: CustomerImport) -> SafeString:
    """How an import stands; what needs somebody stands out."""
    if is_stopped(brought):
        return cells.badge(_("已中断"), "bad")
    word, tone = ImportState(brought.state).label, TONES[brought.state]
    return cells.badge(word, tone) if tone in {"warn", "bad"} else cells.state_dot(word, tone)


def _count(value: int) -> SafeString:
    return cells.number(value) if value else cells.none_yet()


def _by_name(imports: QuerySet[Any], text: str) -> QuerySet[Any]:
    number = text.upper().removeprefix("I")
    named = Q(file_name__icontains=text)
    is_number = number.isascii() and number.isdecimal() and len(number) < 16
    return imports.filter(named | Q(id=int(number)) if is_number else named)


IMPORTS = ListSpec(
    key="imports",
    title=pgettext_lazy("客户导入", "导入"),
    columns=(
        Column("file", gettext_lazy("文件"), lambda one: one.file_name, phone_role="title"),
        Column("number", gettext_lazy("导入号"), lambda one: cells.code(one.number), width="m", phone_role="meta"),
        Column("maker", gettext_lazy("上传人"), lambda one: who(one.maker), width="m", phone_role="meta"),
        Column(
            "received", gettext_lazy("收到"), lambda one: _count(one.received), width="s", align="end",
            phone_role="fact",
        ),
        Column(
            "new", pgettext_lazy("客户导入", "新增"), lambda one: _count(one.new), width="s", align="end",
            phone_role="fact",
        ),
        Column(
            "joined", pgettext_lazy("客户导入", "归入已有"), lambda one: _count(one.joined), width="s", align="end",
            phone_role="fact",
        ),
        Column(
            "refused", pgettext_lazy("客户导入", "未采用"), lambda one: _count(one.refused + one.left_out), width="s",
            align="end", phone_role="fact",
        ),
        Column("state", gettext_lazy("状态"), state_of, width="m", phone_role="aside"),
        Column(
            "at", pgettext_lazy("客户导入", "上传时间"), lambda one: cells.when(one.received_at), sort="at", width="l",
            phone_role="meta",
        ),
    ),
    filters=(
        TextFilter(
            key="q", label=gettext_lazy("文件"), placeholder=gettext_lazy("文件名或导入号"), quick=True, narrow=_by_name
        ),
        ChoiceFilter(key="state", label=gettext_lazy("状态"), choices=tuple(ImportState.choices), quick=True),
    ),
    sorts=(Sort("at", pgettext_lazy("客户导入", "上传时间"), (), is_descending=True),),
    default_sort="-at",
    actions=(
        Action(
            gettext_lazy("导入文件"), reverse_lazy("imports:new"), icon="upload", is_primary=True,
            right=Right.CUSTOMER_IMPORT, shortcut="n",
        ),
    ),
    empty=EmptyState(
        gettext_lazy("还没有导入过文件"),
        gettext_lazy("把客户名单存成 CSV 或 Excel 工作簿在这里导入：先对照各列并预检，确认后才写入，还能整批撤销。"),
        icon="file-import",
    ),
    row_url=lambda one: reverse("imports:one", args=[one.number]),
)  # fmt: skip


def _outcome(record: SourceRecord) -> SafeString:
    outcome = Outcome(record.outcome) if record.outcome else None  # type: ignore[attr-defined]
    word = outcome.label if outcome else _("已归入客户")
    return cells.state_dot(word, "good" if outcome is Outcome.NEW else "info")


def _by_outcome(records: QuerySet[Any], outcome: str) -> QuerySet[Any]:
    return records.filter(outcome=outcome)


def _by_row(records: QuerySet[Any], text: str) -> QuerySet[Any]:
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return records.filter(row=int(text)) if is_number else records.none()


ROWS = ListSpec(
    key="import_rows",
    title=gettext_lazy("导入的行"),
    columns=(
        Column(
            "row", gettext_lazy("行号"), lambda one: cells.number(one.row), sort="row", width="s", align="end",
            phone_role="aside",
        ),
        Column(
            "customer", pgettext_lazy("采用的记录", "客户"),
            lambda one: cells.named(one.party.customer.name, key=one.customer_code), phone_role="title",
        ),
        Column(
            "code", gettext_lazy("客户编码"), lambda one: cells.code(one.customer_code), width="m", phone_role="meta"
        ),
        Column("outcome", gettext_lazy("结果"), _outcome, width="m", phone_role="meta"),
    ),
    filters=(
        TextFilter(key="row", label=gettext_lazy("行号"), quick=True, narrow=_by_row),
        ChoiceFilter(
            key="outcome", label=gettext_lazy("结果"), quick=True, narrow=_by_outcome,
            choices=tuple((one.value, one.label) for one in (Outcome.NEW, Outcome.JOINED)),
        ),
    ),
    sorts=(Sort("row", gettext_lazy("行号"), ()),),
    default_sort="row",
    empty=EmptyState(
        gettext_lazy("没有您可以查看的行"),
        gettext_lazy("没有采用的行在错误文件里；已撤销的行不再显示。"),
        icon="users",
    ),
    row_url=lambda one: reverse("customer:record", args=[one.customer_code]),
    audited_as="import_row_list",
)  # fmt: skip
