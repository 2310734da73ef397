"""Drops of the counter system (营业信息系统): registered customers, sales and parcels, between `|`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts import counter, media
from hongyan.integration.demo.facts.counter import Sale
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.ems85 import Ems85
from hongyan.integration.demo.facts.files import Medium, Truth, compact, money
from hongyan.integration.demo.facts.handing import Change, Handing
from hongyan.integration.demo.facts.lives import YY, Life
from hongyan.integration.demo.facts.mail import Item
from hongyan.integration.demo.facts.products import FEE, REFUND, SALE
from hongyan.integration.demo.facts.source import Season, Source, book
from hongyan.integration.demo.network import Outlet

SENDER = "YYXT"
CREDENTIALS = CredentialCodes("01 04 06 09 20 21 22", unknown="88")
NATURES = {SALE: "1", FEE: "2", REFUND: "9"}


class Yy(Source):
    """Registers customers at the counter, sells, takes parcels in, hands express items over."""

    code = YY

    def __init__(self, out: Path, *, season: Season, truth: Truth, express: Ems85) -> None:
        super().__init__(out, season=season, truth=truth)
        self._express = express
        self._customers = self.rows_file("CUST", "YY_CUST_{day}.txt", self._medium("CUST", total=str))
        self._sales = self.fact_file(
            "SALE", "YY_SALE_{day}.txt", self._medium("SALE"), sale_line, target="transaction"
        )
        self._items = self.fact_file(
            "ITEM", "YY_ITEM_{day}.txt", self._medium("ITEM"), item_line, target="mail_item"
        )

    def register(self, life: Life, form: Form) -> None:
        key = life.key(YY)
        line = customer_line(life, form, key=key, day=self.season.today.toordinal())
        self._customers.add(line, int(key[-6:]))

    def month(self, life: Life, month: date, draw: Draw) -> None:
        for sale in counter.sales(life, month, self.season, draw):
            book(self._sales, sale, draw)
        for item in counter.parcels(life, month, self.season, draw):
            book(self._items, item, draw)
        for item, fee in counter.express(life, month, self.season, draw):
            book(self._sales, fee, draw)
            self._express.take(item, draw)

    def walk_ins(self, outlets: Sequence[Outlet]) -> None:
        """Sales to people nobody knows, by the weight of the outlets."""
        average = sum(outlet.weight for outlet in outlets) / len(outlets)
        for outlet in outlets:
            code = outlet.unit.code
            for month in self.season.busy_months:
                draw = Draw(f"{self.season.seed} {code} {month:%y%m}")
                for sale in counter.walk_ins(code, outlet.weight / average, month, draw):
                    book(self._sales, sale, draw)

    def _medium(self, kind: str, *, total: Callable[[int], str] = money) -> Medium:
        return media.delimited(sender=SENDER, kind=kind, day=self.season.today, total=total)


def customer_line(life: Life, form: Form, *, key: str, day: int) -> str:
    """A row of CUST: who registered at the counter."""
    name, number = name_and_number(form)
    return (
        f"{key}|{'2' if form.person else '1'}|{name}|{CREDENTIALS.of(form)}|{number}|{form.mobile}|{form.landline}|"
        f"{form.address}|{form.postcode}|{life.traits.outlet}|{compact(day)}|{compact(day)}090000"
    )


def sale_line(sale: Sale, handing: Handing, moved_from: int) -> str:
    """A row of SALE."""
    day, ware = compact(sale.day), sale.ware
    return (
        f"{sale.number}|{sale.key}|{day}|{day}{sale.time}|{sale.unit}|{ware.code}|{ware.name}|"
        f"{NATURES[sale.nature]}|{sale.channel}|{sale.quantity}|{money(sale.amount)}|{sale.item}|"
        f"{handing.version}|{_void(handing)}|{compact(moved_from) if moved_from else ''}"
    )


def item_line(item: Item, handing: Handing, moved_from: int) -> str:
    """A row of ITEM."""
    day, service = compact(item.day), item.service
    return (
        f"{item.number}|{item.key}|{day}|{day}{item.time}|{item.unit}|{service.code}|{service.name}|"
        f"{item.weight_g}|{item.weight_g}|{money(item.postage)}|{money(item.insured)}|{money(item.cod)}|"
        f"{item.settlement}|{item.contents}|{'1' if item.collected else '0'}|{item.division}|"
        f"{compact(item.promised)}180000|{handing.version}|{_void(handing)}|"
        f"{compact(moved_from) if moved_from else ''}"
    )


def _void(handing: Handing) -> str:
    return "1" if handing.change is Change.VOID else "0"
