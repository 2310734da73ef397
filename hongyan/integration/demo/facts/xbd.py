"""Drops of the small-packet order system (邮政国内小包订单系统): JSON lines in UTF-8, shippers before their items."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts import media
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.express import packets
from hongyan.integration.demo.facts.files import Truth, dashed, money
from hongyan.integration.demo.facts.handing import Change, Handing
from hongyan.integration.demo.facts.lives import XBD, Life
from hongyan.integration.demo.facts.mail import Item
from hongyan.integration.demo.facts.source import Season, Source, book

CREDENTIALS = CredentialCodes("ID MIL HKM PAS USC LIC ORG", unknown="X")


class Xbd(Source):
    """Takes the orders of online sellers."""

    code = XBD

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        super().__init__(out, season=season, truth=truth)
        medium = media.json_lines(day=season.today, total="邮费")
        self._file = self.fact_file("ITEM", "XBD_{day}.jsonl", medium, item_line, target="mail_item")

    def register(self, life: Life, form: Form) -> None:
        self._file.add(shipper_line(life, form, day=self.season.today.toordinal()))

    def month(self, life: Life, month: date, draw: Draw) -> None:
        for item in packets(life, month, self.season, draw):
            book(self._file, item, draw)


def shipper_line(life: Life, form: Form, *, day: int) -> str:
    """A SHIPPER."""
    name, number = name_and_number(form)
    shipper = {
        "type": "SHIPPER",
        "客户编码": life.key(XBD),
        "店铺类型": "个人" if form.person else "企业",
        "名称": name,
        "证件类型": CREDENTIALS.of(form),
        "证件号码": number,
        "手机": form.mobile,
        "邮箱": form.email,
        "发货地址": form.address,
        "收寄机构": life.traits.outlet,
        "更新时间": f"{dashed(day)} 07:00:00",
    }
    return json.dumps(shipper, ensure_ascii=False)


def item_line(item: Item, handing: Handing, moved_from: int) -> str:
    """An ITEM; columns without a value are left out."""
    day, time = dashed(item.day), item.time
    extra = ', "作废": "1"' if handing.change is Change.VOID else ""
    if moved_from:
        extra += f', "原收寄日期": "{dashed(moved_from)}"'
    return (
        f'{{"type": "ITEM", "邮件号码": "{item.number}", "客户编码": "{item.key}", '
        f'"收寄时间": "{day} {time[:2]}:{time[2:4]}:{time[4:]}", "收寄机构": "{item.unit}", '
        f'"产品": "{item.service.code}", "产品名称": "{item.service.name}", "重量": "{item.weight_g}", '
        f'"邮费": "{money(item.postage)}", "结算": "{item.settlement}", "目的地": "{item.division}", '
        f'"承诺妥投": "{dashed(item.promised)} 18:00:00", "版本": "{handing.version}"{extra}}}'
    )
