"""Files of the source systems made by hand, and how to send them through, for the tests of intake."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zlib import crc32

from hongyan.core import clock
from hongyan.core.audit import Actor
from hongyan.integration.actions import apply, check, receive
from hongyan.integration.codes import Channel
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.models import Delivery

OUTLET = "370102001"
OPERATOR = Actor("system:test")
ID, OTHER_ID = "11010519491231002X", "440524188001010014"
USCC = "91110000600037341L"

_CUSTOMER = {
    "客户编号": "37010200000001", "客户名称": "王小明", "客户类型": "B", "证件类型": "1", "证件号码": ID, "行业": "19",
    "规模": "4", "行政区划": "370102", "地址": "山东省济南市历下区泉城路12号", "邮编": "250000", "归属机构代码": OUTLET,
    "客户经理工号": "zhang", "协议编号": "XY1", "签订日期": "20200101", "生效日期": "20200101", "失效日期": "20300101",
    "结算方式": "1", "授信标志": "N", "授信额度": "0.00", "授信天数": "0", "客户状态": "1",
    "建档时间": "20200101090000", "更新时间": "20260101090000",
}  # fmt: skip
_CONTACT = {
    "客户编号": "37010200000001", "联系人序号": "1", "姓名": "李会计", "角色": "3", "手机": "13812345678",
    "主联系人": "Y", "更新时间": "20260101090000",
}  # fmt: skip


def day() -> str:
    """Today as files are named."""
    return f"{clock.business_date():%Y%m%d}"


def customer(number: int = 1, **changes: str) -> dict[str, str]:
    """A sound row of KG_CUST; every number is another customer without a credential unless `changes` gives one."""
    row = {**_CUSTOMER, "客户编号": f"3701020000{number:04}"}
    if number != 1:
        row |= {
            "客户名称": f"赵{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'子丑寅卯辰巳午未申酉'[number // 10 % 10]}",
            "证件类型": "",
            "证件号码": "",
            "地址": f"山东省济南市历下区泉城路{100 + number}号",
        }
    return row | changes


def contact(**changes: str) -> dict[str, str]:
    """A sound row of KG_CONT."""
    return _CONTACT | changes


def kgc_file(rows: Sequence[dict[str, str]], kind: str = "CUST") -> bytes:
    """A file of the old customer system with its header and trailer."""
    descriptor = find_descriptor("kgc")
    assert descriptor is not None
    found = descriptor.kind(kind)
    assert found is not None
    lines = ["|".join(row.get(column, "") for column in found.columns) for row in rows]
    body = "".join(f"{line}\n" for line in lines).encode("gb18030")
    control = Decimal(0)
    for row in rows:
        control += Decimal(row["授信额度"]) if kind == "CUST" else int(row["客户编号"][-6:])
    head, tail = f"H|KHGL|{kind}|{day()}|1.0\n", f"T|{len(rows)}|{control}|{crc32(body):08X}\n"
    return head.encode() + body + tail.encode()


def received(
    content: bytes, name: str = "", system: str = "kgc", channel: Channel = Channel.COMMAND
) -> Delivery:
    """The delivery of some content, only received."""
    return receive(
        io.BytesIO(content),
        file_name=name or f"KG_CUST_{day()}.txt",
        system=system,
        channel=channel,
        actor=OPERATOR,
        in_background=False,
    ).delivery


def loaded(
    content: bytes, name: str = "", system: str = "kgc", channel: Channel = Channel.COMMAND
) -> Delivery:
    """The delivery of some content, checked and, where nobody has to sign, applied."""
    delivery = check(received(content, name, system, channel).id, in_background=False)
    return apply(delivery.id)


def records(*rows: dict[str, str], kind: str = "CUST") -> bytes:
    """Rows as the API sends them."""
    return json.dumps({"kind": kind, "records": rows}, ensure_ascii=False).encode()


def counts(delivery: Delivery) -> dict[str, Any]:
    """The counts of a delivery that are not zero."""
    names = (
        "received",
        "accepted",
        "quarantined",
        "excluded",
        "new",
        "joined",
        "updated",
        "unchanged",
        "stale",
        "review",
    )
    return {name: getattr(delivery, name) for name in names if getattr(delivery, name)}
