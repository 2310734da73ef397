"""The monthly partitions against their tables (账期分区)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hongyan.core.clock import business_date
from hongyan.ledger.codes import FactKind
from hongyan.ledger.queries.partitions import PartitionState, expected_months, partition_states
from hongyan.ledger.words import write_month

Text = str | Promise
DIFFERENCE_WORDS: Mapping[str, Text] = {
    "columns": gettext_lazy("列不一致"),
    "indexes": gettext_lazy("缺索引"),
    "constraints": gettext_lazy("缺约束"),
    "walls": gettext_lazy("没有行级隔离"),
    "grants": gettext_lazy("有自己的权限"),
    "missing": gettext_lazy("没有建立"),
}
TABLE_WORDS: Mapping[str, Text] = {
    "ledger_transaction": FactKind.TRANSACTION.label,
    "ledger_mailitem": FactKind.MAIL_ITEM.label,
    "ledger_mailevent": FactKind.MAIL_EVENT.label,
    "ledger_balance": FactKind.BALANCE.label,
    "ledger_monthlyfact": gettext_lazy("客户月度合计"),
}


@dataclass(frozen=True, slots=True)
class PartitionCell:
    """One partition: how big it is and what is wrong with it; `is_due` is one that the next night makes."""

    rows: int
    size: str
    problems: Sequence[Text]
    is_due: bool

    @property
    def shown_rows(self) -> str:
        return f"{self.rows:,}"


@dataclass(frozen=True, slots=True)
class PartitionMonth:
    """The partitions of one month, in the order of the tables."""

    month: str
    cells: Sequence[PartitionCell | None]


@dataclass(frozen=True, slots=True)
class PartitionView:
    """All partitions by month, the newest first, and how many differ from their table."""

    tables: Sequence[Text]
    months: Sequence[PartitionMonth]
    problems: int


def partition_view() -> PartitionView:
    """Every partition against its table, and whether the months ahead are there. One query and a parameter."""
    states = partition_states(expected=expected_months())
    found = {(state.month, state.table): _partition_cell(state) for state in states}
    months = sorted({month for month, _table in found}, reverse=True)
    return PartitionView(
        tables=list(TABLE_WORDS.values()),
        months=[
            PartitionMonth(write_month(month), [found.get((month, table)) for table in TABLE_WORDS])
            for month in months
        ],
        problems=sum(bool(cell.problems) for cell in found.values()),
    )


def _partition_cell(state: PartitionState) -> PartitionCell:
    """A partition of a month to come that is missing is no problem yet: the next night makes it, or booking does."""
    is_due = "missing" in state.differences and state.month > business_date()
    problems = [] if is_due else [DIFFERENCE_WORDS[code] for code in state.differences]
    return PartitionCell(state.rows, filesizeformat(state.bytes), problems, is_due)
