"""Files of facts made by hand, for the tests of intake."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from zlib import crc32

from hongyan.integration.descriptors import Descriptor, RecordKind, find_descriptor
from hongyan.integration.models import Delivery
from hongyan.integration.tests.factory import OUTLET, day, loaded

_SALE = {
    "流水号": "LS00000001", "客户号": "YY00000001", "业务日期": "20261020", "交易时间": "20261020103000",
    "机构代码": OUTLET, "产品代码": "1101", "产品名称": "挂号信", "业务类型": "1", "渠道": "1", "件数": "1",
    "金额": "12.30", "修改序号": "1", "作废标志": "0",
}  # fmt: skip
_ITEM = {
    "邮件号码": "9900000000001", "客户号": "YY00000001", "业务日期": "20261020", "收寄时间": "20261020103000",
    "收寄机构": OUTLET, "产品代码": "2101", "产品名称": "快递包裹", "重量": "1200", "资费": "15.00", "修改序号": "1",
    "作废标志": "0",
}  # fmt: skip


def sale(number: int = 1, **changes: str) -> dict[str, str]:
    """A sound row of YY_SALE."""
    return {**_SALE, "流水号": f"LS{number:08}"} | changes


def item(number: int = 1, **changes: str) -> dict[str, str]:
    """A sound row of YY_ITEM."""
    return {**_ITEM, "邮件号码": f"99{number:011}"} | changes


def yy_file(rows: Sequence[dict[str, str]], kind: str = "SALE", on: str = "", total: str = "") -> bytes:
    """A file of the counter system with its header and trailer; `total` is stated in place of the rows' sum."""
    descriptor, found = _kind("yy", kind)
    lines = ["|".join(row.get(column, "") for column in found.columns) for row in rows]
    body = "".join(f"{line}\n" for line in lines).encode("gb18030")
    column = found.controls[0].column
    control = total or sum((Decimal(row[column]) for row in rows), Decimal(0))
    head = f"H|{descriptor.sender}|{kind}|{on or day()}|1.0\n"
    return head.encode() + body + f"T|{len(rows)}|{control}|{crc32(body):08X}\n".encode()


def booked(rows: Sequence[dict[str, str]], kind: str = "SALE", on: str = "") -> Delivery:
    """The delivery of some rows of the counter system, checked and, where nobody has to sign, applied."""
    return loaded(yy_file(rows, kind, on), f"YY_{kind}_{on or day()}.txt", "yy")


# --- the savings bank, in fixed width

ACCOUNT = "6217001234567890123"
_MOVEMENT = {
    "流水号": "000000000001", "客户号": "370000000001", "账号": ACCOUNT, "交易时间": "20261020103000",
    "交易机构": OUTLET, "产品代码": "3101", "借贷标志": "C", "渠道": "3", "金额": "600000", "摘要": "工资", "版本": "1",
}  # fmt: skip
_BALANCE = {
    "账号": ACCOUNT, "客户号": "370000000001", "余额日期": "20261020", "资产负债": "A", "余额": "600000", "版本": "1",
}  # fmt: skip
_ACCOUNT = {
    "账号": ACCOUNT, "客户号": "370000000001", "账户类别": "A", "产品代码": "3101", "产品名称": "活期",
    "开户机构": OUTLET, "开户日": "20200101", "状态": "0", "变更日": "20261020",
}  # fmt: skip


def movement(number: int = 1, **changes: str) -> dict[str, str]:
    """A sound row of PSB_TXN, in fen."""
    return {**_MOVEMENT, "流水号": f"{number:012}"} | changes


def balance(**changes: str) -> dict[str, str]:
    """A sound row of PSB_BAL, in fen."""
    return _BALANCE | changes


def account(**changes: str) -> dict[str, str]:
    """A sound row of PSB_ACCT."""
    return _ACCOUNT | changes


def psb_file(rows: Sequence[dict[str, str]], kind: str) -> bytes:
    """A file of the bank with its trailer."""
    descriptor, found = _kind("psb", kind)
    trailer = descriptor.trailer
    assert trailer is not None
    lines = [
        b"".join(row.get(field.column, "").encode("gb18030").ljust(field.width) for field in found.fields)
        for row in rows
    ]
    total = sum(int(row.get(found.controls[0].column) or 0) for row in rows)
    stated = "".join(
        f"{value:0{width}}" for value, width in zip((len(rows), total), trailer.widths, strict=True)
    )
    return b"".join(line + b"\n" for line in lines) + f"{trailer.mark}{stated}\n".encode()


def bank(rows: Sequence[dict[str, str]], kind: str) -> Delivery:
    """The delivery of some rows of the bank."""
    return loaded(psb_file(rows, kind), f"PSB_{kind}_{day()}.dat", "psb")


# --- the express platform, in XML


def ems_file(*elements: str, rows: int, postage: str) -> bytes:
    """A document of the express platform around its elements."""
    inside = "".join(elements)
    return f'<ems day="{day()}" rows="{rows}" 资费="{postage}">{inside}</ems>'.encode()


def ems_item(number: str, *events: str, **changes: str) -> str:
    """An express item with its events, each `code time`."""
    stated = {
        "邮件号码": number, "客户代码": "37010200000000001", "收寄时间": "20261020103000", "收寄机构": OUTLET,
        "产品代码": "11210", "重量": "500", "资费": "20.00", "版本": "1",
    } | changes  # fmt: skip
    attributes = " ".join(f'{name}="{value}"' for name, value in stated.items())
    inside = "".join(
        f'<EVENT 时间="{time}" 动作="{code}"/>' for code, time in (event.split() for event in events)
    )
    return f"<MAIL {attributes}>{inside}</MAIL>"


def _kind(system: str, code: str) -> tuple[Descriptor, RecordKind]:
    descriptor = find_descriptor(system)
    assert descriptor is not None
    found = descriptor.kind(code)
    assert found is not None
    return descriptor, found
