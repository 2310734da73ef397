"""Drops of the securities data centre (证券数据中心): comma-separated GB18030 on exchange days."""

from __future__ import annotations

from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.facts import media
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.files import Medium, Truth, dashed, money
from hongyan.integration.demo.facts.handing import Handing
from hongyan.integration.demo.facts.lives import SDC, Life
from hongyan.integration.demo.facts.media import GB18030, quoted
from hongyan.integration.demo.facts.products import IN
from hongyan.integration.demo.facts.securities import Portfolio, Position, Trade
from hongyan.integration.demo.facts.source import Season, Source, book_firmly

CREDENTIALS = CredentialCodes("0 3 5 1 U L G", unknown="9")
CUSTOMER_COLUMNS = (
    "客户号",
    "客户类别",
    "客户名称",
    "证件类别",
    "证件号码",
    "手机",
    "地址",
    "营业网点",
    "更新日期",
)
ACCOUNT_COLUMNS = ("证券账号", "客户号", "营业网点", "开户日期", "版本")
TRADE_COLUMNS = (
    "成交编号",
    "证券账号",
    "客户号",
    "成交日期",
    "成交时间",
    "营业网点",
    "品种代码",
    "品种名称",
    "买卖",
    "金额",
    "版本",
)
POSITION_COLUMNS = ("证券账号", "客户号", "日期", "市值", "版本")


class Sdc(Source):
    """Keeps securities accounts, their trades and their month-end values."""

    code = SDC

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        super().__init__(out, season=season, truth=truth)
        self._customers = self.rows_file("CUST", "SDC_CUST_{day}.csv", _medium(CUSTOMER_COLUMNS))
        self._accounts = self.rows_file("ACCT", "SDC_ACCT_{day}.csv", _medium(ACCOUNT_COLUMNS))
        self._trades = self.fact_file(
            "TRADE", "SDC_TRADE_{day}.csv", _medium(TRADE_COLUMNS), trade_line, target="transaction"
        )
        self._positions = self.fact_file(
            "POSITION", "SDC_POSITION_{day}.csv", _medium(POSITION_COLUMNS), position_line, target="balance"
        )

    def register(self, life: Life, form: Form) -> None:
        name, number = name_and_number(form)
        values = (
            life.key(SDC), "个人" if form.person else "机构", name, CREDENTIALS.of(form), number, form.mobile,
            form.address, life.traits.outlet, self.season.today.isoformat(),
        )  # fmt: skip
        self._customers.add(",".join(map(quoted, values)))
        portfolio = Portfolio(life, self.season)
        self._accounts.add(
            f"{portfolio.account},{life.key(SDC)},{life.traits.outlet},{dashed(portfolio.opened)},1"
        )

    def business(self, life: Life) -> None:
        """All months are told from the first, since positions need them."""
        portfolio = Portfolio(life, self.season)
        for month in self.season.all_months:
            draw = life.draw(SDC, month)
            for fact in portfolio.month(month, draw):
                book_firmly(self._trades if isinstance(fact, Trade) else self._positions, fact, draw)


def trade_line(trade: Trade, handing: Handing, _moved_from: int) -> str:
    """A row of TRADE."""
    code, name = trade.fund
    return (
        f"{trade.number},{trade.account},{trade.key},{dashed(trade.day)},{dashed(trade.day)} {trade.time},"
        f"{trade.unit},{code},{name},{'买入' if trade.nature == IN else '卖出'},{money(trade.amount)},"
        f"{handing.version}"
    )


def position_line(position: Position, handing: Handing, _moved_from: int) -> str:
    """A row of POSITION."""
    return (
        f"{position.account},{position.key},{dashed(position.day)},{money(position.amount)},{handing.version}"
    )


def _medium(columns: tuple[str, ...]) -> Medium:
    return media.separated(columns=columns, encoding=GB18030)
