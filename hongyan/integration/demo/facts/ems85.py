"""Drops of the express platform (速递85综合信息平台): one XML document a day.

    <EMS85 day="20261121" rows="…" 资费="…">
      <CUST …/> <AGREEMENT …/> <MAIL 邮件号码="…" …><EVENT 时间="…" …/></MAIL>
    </EMS85>

An item on its way comes again with what happened to it since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts import media
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.express import express_items
from hongyan.integration.demo.facts.files import FactFile, Truth, changed, compact, dashed, money
from hongyan.integration.demo.facts.handing import Handing, hand_in_firmly, known
from hongyan.integration.demo.facts.lives import EMS85, Life
from hongyan.integration.demo.facts.mail import Event, Item, journey
from hongyan.integration.demo.facts.source import Season, Source

ROOT = "EMS85"
CREDENTIALS = CredentialCodes("1 3 4 2 7 8 9", unknown="0")
EVENTS = dict(zip("ABCDEFG", ("收寄", "封发", "到达", "投递", "妥投", "未妥投", "退回"), strict=True))
AGREEMENT_YEARS = 3


class Ems85(Source):
    """Takes express items of agreement customers, and those that counters hand over."""

    code = EMS85

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        super().__init__(out, season=season, truth=truth)
        self._file = MailFile(
            self._path("EMS85_{day}.xml"),
            medium=media.markup(root=ROOT, day=season.today, total="资费"),
            line=lambda item, handing, _: mail_element(item, handing, ()),
            target="mail_item",
            system=EMS85,
            window=season.window,
            truth=truth,
        )
        self.files["MAIL"] = self._file

    def register(self, life: Life, form: Form) -> None:
        signed = life.draw("agreement", self.season.all_months[0]).between(30, 900)
        day = self.season.first_load.toordinal() - signed
        self._file.add(customer_element(life, form, day=self.season.today.toordinal()))
        self._file.add(agreement_element(life, signed=day))

    def month(self, life: Life, month: date, draw: Draw) -> None:
        for item in express_items(life, month, self.season, draw):
            self.take(item, draw)

    def take(self, item: Item, draw: Draw) -> None:
        """An item on its way, whoever took it in."""
        self._file.take(item, hand_in_firmly(draw), journey(draw, item))


class MailFile(FactFile):
    """The document: items with what happened to them."""

    def take(self, item: Item, handings: tuple[Handing, ...], events: list[Event]) -> None:
        """Write the item's versions of the window, and the events that became known in it."""
        first, last = self._window.first, self._window.last
        arrives = item.day + min(handing.delay for handing in handings)
        news = [event for event in events if first <= max(event.day, arrives) <= last]
        for event in news:
            self._truth.add("mail_event", self._system, event)
        due = [handing for handing in handings if first <= item.day + handing.delay <= last]
        if not due and news and (again := known(handings, days=last - item.day)):
            self._element(item, again, news)
        self.tell(item, handings)
        for place, handing in enumerate(due):
            self._element(item, handing, () if place else news)

    def _element(self, item: Item, handing: Handing, events: Iterable[Event]) -> None:
        stated = changed(item, handing)
        self.add(mail_element(stated, handing, events), stated.postage, stated.weight_g, day=item.day)


def customer_element(life: Life, form: Form, *, day: int) -> str:
    """A CUST."""
    name, number = name_and_number(form)
    return _element(
        "CUST",
        ("客户代码", life.key(EMS85)),
        ("客户性质", "2" if form.person else "1"),
        ("客户名称", name),
        ("证件类别", CREDENTIALS.of(form)),
        ("证件号", number),
        ("联系手机", form.mobile),
        ("联系电话", form.landline),
        ("揽收地址", form.address),
        ("揽收机构", life.traits.outlet),
        ("更新时间", f"{dashed(day)} 08:00:00"),
    )


def agreement_element(life: Life, *, signed: int) -> str:
    """An AGREEMENT, which is the customer's account with the platform."""
    ends = signed + AGREEMENT_YEARS * 365
    return _element(
        "AGREEMENT",
        ("协议编号", f"XY37{life.code}"),
        ("客户代码", life.key(EMS85)),
        ("机构", life.traits.outlet),
        ("签订日期", dashed(signed)),
        ("到期日期", dashed(ends)),
        ("状态", "1"),
        ("版本", "1"),
    )


def mail_element(item: Item, handing: Handing, events: Iterable[Event]) -> str:
    """A MAIL with its EVENTs."""
    service = item.service
    start = (
        f'<MAIL 邮件号码="{item.number}" 客户代码="{item.key}" 收寄时间="{compact(item.day)}{item.time}" '
        f'收寄机构="{item.unit}" 产品代码="{service.code}" 产品名称="{service.name}" 重量="{item.weight_g}" '
        f'资费="{money(item.postage)}" 保价="{money(item.insured)}" 代收货款="{money(item.cod)}" '
        f'结算="{item.settlement}" 内件="{item.contents}" 上门揽收="{"1" if item.collected else "0"}" '
        f'寄达区划="{item.division}" 承诺时间="{compact(item.promised)}180000" 版本="{handing.version}"'
    )
    inner = "".join(_events(events))
    return f"{start}>{inner}</MAIL>" if inner else f"{start}/>"


def _events(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        yield (
            f'<EVENT 时间="{compact(event.day)}{event.time}" 动作="{EVENTS[event.code]}" '
            f'机构="{event.unit}" 区划="{event.division}"/>'
        )


def _element(tag: str, *attributes: tuple[str, str]) -> str:
    return f"<{tag} {' '.join(f'{name}={quoteattr(value)}' for name, value in attributes)}/>"
