"""Code lists and record types of the ledger (业务台账). Source: V36-i03, REF-i04, L06, L07, L18, PSB-008."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ANONYMOUS = 0
"""The party of monthly facts of walk-ins nobody knows (匿名散户); their facts have no party at all."""


class FactKind(TextChoices):
    """The four kinds of dated facts; the values are those of `integration.descriptors.Target`."""

    TRANSACTION = "transaction", _("交易")
    MAIL_ITEM = "mail_item", _("邮件")
    MAIL_EVENT = "mail_event", _("邮件轨迹")
    BALANCE = "balance", _("余额")


NOTABLE_FLOOR_YUAN = Decimal(1000)
"""Transactions below are never told one by one (大额交易): the index of those that may be told holds none of them."""


class Nature(TextChoices):
    """In which measure the amount of a transaction counts: the first four are revenue, then inflow and outflow.

    Amounts are positive as booked; refunds and cancellations are negative.
    """

    SALE = "01", pgettext_lazy("交易性质", "销售")
    FEE = "02", pgettext_lazy("交易性质", "手续费")
    PREMIUM = "03", pgettext_lazy("交易性质", "保费")
    REFUND = "04", pgettext_lazy("交易性质", "退款")
    IN = "11", pgettext_lazy("交易性质", "存入或买入")
    OUT = "12", pgettext_lazy("交易性质", "支取或卖出")


class Channel(TextChoices):
    """Where a transaction was made (交易渠道)."""

    COUNTER = "1", pgettext_lazy("交易渠道", "柜面")
    WEB = "2", pgettext_lazy("交易渠道", "网银")
    MOBILE = "3", pgettext_lazy("交易渠道", "手机")
    SELF_SERVICE = "4", pgettext_lazy("交易渠道", "自助")
    OTHER = "9", pgettext_lazy("交易渠道", "其他")


class MailEventCode(TextChoices):
    """What happened to a mail item on its way (邮件轨迹)."""

    ACCEPTED = "01", pgettext_lazy("邮件轨迹", "收寄")
    DISPATCHED = "02", pgettext_lazy("邮件轨迹", "封发")
    ARRIVED = "03", pgettext_lazy("邮件轨迹", "到达")
    ON_DELIVERY = "04", pgettext_lazy("邮件轨迹", "投递")
    DELIVERED = "05", pgettext_lazy("邮件轨迹", "妥投")
    NOT_DELIVERED = "06", pgettext_lazy("邮件轨迹", "未妥投")
    RETURNED = "07", pgettext_lazy("邮件轨迹", "退回")


class ItemService(TextChoices):
    """What the first letter of an S10 item number says about the item, REF-i05."""

    EMS = "ems", pgettext_lazy("邮件业务标识", "特快专递")
    PARCEL = "parcel", pgettext_lazy("邮件业务标识", "包裹")
    E_COMMERCE = "e_commerce", pgettext_lazy("邮件业务标识", "电商小包")
    TRACKED = "tracked", pgettext_lazy("邮件业务标识", "跟踪函件")
    M_BAG = "m_bag", pgettext_lazy("邮件业务标识", "印刷品专袋")
    REPLY = "reply", pgettext_lazy("邮件业务标识", "国际商业回函")
    REGISTERED = "registered", pgettext_lazy("邮件业务标识", "挂号函件")
    LETTER = "letter", pgettext_lazy("邮件业务标识", "平常函件")
    INSURED = "insured", pgettext_lazy("邮件业务标识", "保价函件")
    BILATERAL = "bilateral", pgettext_lazy("邮件业务标识", "双方约定")


class PickupMode(TextChoices):
    """How an item was handed in, L18."""

    BROUGHT = "0", pgettext_lazy("收寄方式", "客户送")
    COLLECTED = "1", pgettext_lazy("收寄方式", "上门")


class DeliveryMode(TextChoices):
    """How an item is handed out, L18."""

    FETCHED = "1", pgettext_lazy("投递方式", "自提")
    BROUGHT = "2", pgettext_lazy("投递方式", "上门")
    LOCKER = "3", pgettext_lazy("投递方式", "柜")
    OUTLET = "4", pgettext_lazy("投递方式", "网点")


class BaseProduct(TextChoices):
    """Base product of a postal item, REF-i04."""

    EXPRESS = "1", _("标准快递")
    PARCEL = "2", _("快递包裹")
    COD = "3", _("代收货款")


class Contents(TextChoices):
    """Contents of a postal item, REF-i04."""

    DOCUMENT = "1", pgettext_lazy("内件", "文件")
    LETTER = "2", pgettext_lazy("内件", "信函")
    GOODS = "3", pgettext_lazy("内件", "物品")
    PARCEL = "4", pgettext_lazy("内件", "包裹")


class BalanceKind(TextChoices):
    """Which side of a customer's assets and liabilities a balance is on (资产、负债)."""

    ASSETS = "A", _("资产")
    LIABILITIES = "L", _("负债")


class HoldingKind(TextChoices):
    """What somebody holds with the house (持有)."""

    AGREEMENT = "agreement", pgettext_lazy("持有", "协议")
    ACCOUNT = "account", pgettext_lazy("持有", "账户")
    DEPOSIT = "deposit", pgettext_lazy("持有", "定期存款")
    LOAN = "loan", pgettext_lazy("持有", "贷款")
    POLICY = "policy", pgettext_lazy("持有", "保单")
    SECURITIES = "securities", pgettext_lazy("持有", "证券账户")
    SUBSCRIPTION = "subscription", pgettext_lazy("持有", "订阅")


class HoldingStatus(TextChoices):
    """State of a holding as its system last stated it."""

    OPEN = "open", pgettext_lazy("持有状态", "正常")
    FROZEN = "frozen", pgettext_lazy("持有状态", "冻结")
    CLOSED = "closed", pgettext_lazy("持有状态", "已结清")


class RiskLevel(TextChoices):
    """Risk of a financial product, R1–R5."""

    R1 = "R1", _("低风险")
    R2 = "R2", _("中低风险")
    R3 = "R3", _("中风险")
    R4 = "R4", _("中高风险")
    R5 = "R5", _("高风险")


class Column(NamedTuple):
    """A column of the block that `actions.book` takes: a target's name, its SQL type, and its value where empty.

    `empty` is in COPY's text format; None means that the value must be there.
    """

    name: str
    type: str
    empty: str | None


NULL = r"\N"
_HEAD = (
    Column("row", "integer", None),
    Column("number", "text", None),
    Column("version", "integer", "1"),
    Column("void", "smallint", "0"),
    Column("business_date", "date", None),
)
_WHO = (
    Column("original_date", "date", NULL),
    Column("event_time", "timestamp", None),
    Column("key", "text", NULL),
    Column("holding_hash", "bytea", NULL),
    Column("holding_masked", "text", ""),
    Column("product_code", "text", None),
    Column("product_name", "text", ""),
    Column("unit_code", "text", None),
)
FACT_COLUMNS: Mapping[FactKind, tuple[Column, ...]] = {
    FactKind.TRANSACTION: (
        *_HEAD,
        *_WHO,
        Column("nature", "text", None),
        Column("channel", "text", Channel.OTHER.value),
        Column("amount", "numeric(18,2)", "0"),
        Column("quantity", "integer", "1"),
        Column("note", "text", ""),
    ),
    FactKind.MAIL_ITEM: (
        *_HEAD,
        *_WHO,
        Column("promised_at", "timestamp", NULL),
        Column("weight_g", "integer", "0"),
        Column("charged_weight_g", "integer", "0"),
        Column("postage", "numeric(18,2)", "0"),
        Column("insured", "numeric(18,2)", "0"),
        Column("cod", "numeric(18,2)", "0"),
        Column("settlement", "text", ""),
        Column("contents", "text", ""),
        Column("pickup_mode", "text", ""),
        Column("delivery_mode", "text", ""),
        Column("division", "text", ""),
    ),
    FactKind.MAIL_EVENT: (
        *_HEAD,
        Column("event_time", "timestamp", None),
        Column("code", "text", None),
        Column("unit_code", "text", ""),
        Column("division", "text", ""),
    ),
    FactKind.BALANCE: (
        Column("row", "integer", None),
        Column("version", "integer", "1"),
        Column("void", "smallint", "0"),
        Column("business_date", "date", None),
        Column("key", "text", NULL),
        Column("holding_hash", "bytea", None),
        Column("holding_masked", "text", ""),
        Column("kind", "text", BalanceKind.ASSETS.value),
        Column("amount", "numeric(18,2)", "0"),
    ),
}
"""The columns of a block per kind of fact, in their order: what integration writes and `book` reads.

A name is the target's name in the descriptor; two are made of the target `holding`: `holding_hash` is
`vault.blind("holding:<system>", number)`, `holding_masked` its masked form. `void` is 1 for a row that only says that
its number no longer counts. `timestamp` columns are instants in Chinese time. Rows of one block have different `row`s.
"""

SUMS: Mapping[FactKind, tuple[str, ...]] = {
    FactKind.TRANSACTION: ("amount", "quantity"),
    FactKind.MAIL_ITEM: ("postage", "weight_g"),
    FactKind.MAIL_EVENT: (),
    FactKind.BALANCE: ("amount",),
}
"""The columns of a block that `Booked.sums` adds up."""

OUTCOMES = ("new", "corrected", "unchanged", "stale", "conflict")


@dataclass(slots=True)
class Booked:
    """What booking a block did, in rows. Every row has exactly one outcome, and `sums` has one line for each outcome.

    new         a number that was not known
    corrected   a higher version than the known one, which is reversed, or a number that moved from another day
    unchanged   a version that was there already, with the same content
    stale       a lower version than the known one: booked and reversed at once
    conflict    a version that was there already with other content: not booked, its `row` is in `conflicts`

    `sums[outcome][column]` is the exact sum of a column of `SUMS` over the rows as delivered, void ones included.
    """

    new: int = 0
    corrected: int = 0
    unchanged: int = 0
    stale: int = 0
    conflicts: list[int] = field(default_factory=list)
    sums: dict[str, dict[str, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactsBooked:
    """Event: a block of a delivery was booked; monthly sums of the parties of its entries changed."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class HoldingRecord:
    """One state of one holding as a system stated it, checked and in our codes.

    `number` is plain and never stored so; `key` is the source party's, "" when the system does not say.
    """

    system: str
    number: str
    row: int
    version: int
    line: str
    kind: HoldingKind
    as_of: date
    key: str = ""
    product_code: str = ""
    product_name: str = ""
    unit_code: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    matures_on: date | None = None
    amount: Decimal | None = None
    currency: str = "CNY"
    status: HoldingStatus = HoldingStatus.OPEN


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """One product as a system names it."""

    system: str
    code: str
    name: str
    row: int


@dataclass(slots=True)
class TakenStates:
    """What taking holdings or products in did, in rows; `conflicts` are rows with a known version and other content."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    conflicts: list[int] = field(default_factory=list)
