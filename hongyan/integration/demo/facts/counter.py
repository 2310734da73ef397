"""The counter system (营业信息系统): sales and parcels at the counters, most letters of people nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts import mail
from hongyan.integration.demo.facts.files import compact_times
from hongyan.integration.demo.facts.lives import EMS85, YY, Life
from hongyan.integration.demo.facts.mail import Item, draw_item
from hongyan.integration.demo.facts.products import (
    EXPRESS_AGENCY,
    ORGANISATION_WARES,
    PERSON_WARES,
    REFUND,
    WALK_IN_WARES,
    Ware,
)
from hongyan.integration.demo.facts.rhythm import Pace, month_table
from hongyan.integration.demo.facts.source import Season

SALES, PARCELS, EXPRESS_ITEMS = 0.75, 0.33, 0.11  # a month of the average customer
WALK_IN_SALES = 22  # a month at an outlet
WALK_INS_MOST = 999
REFUND_RATE = 0.006
EXPRESS_FEE_SHARE = 10  # a tenth of the postage stays with the counter
COUNTER, MOBILE, SELF_SERVICE = "1", "3", "4"

_TIMES = compact_times(range(8, 18))


class Sale(NamedTuple):
    """One line of a sale; amount in fen, negative for a refund; key is "" for somebody nobody knows."""

    number: str
    key: str
    day: int
    time: str
    unit: str
    ware: Ware
    nature: str
    channel: str
    quantity: int
    amount: int
    item: str

    @property
    def counted(self) -> tuple[str, int, int]:
        return self.nature, self.amount, self.quantity

    def corrected(self) -> Sale:
        """One piece more was sold than booked."""
        quantity = self.quantity + 1
        return self._replace(quantity=quantity, amount=self.amount // self.quantity * quantity)


def sales(life: Life, month: date, season: Season, draw: Draw) -> Iterator[Sale]:
    """What a registered customer bought in a month."""
    wares = PERSON_WARES if life.traits.person else ORGANISATION_WARES
    key = life.key(YY)
    days = season.days(life, month, draw, rate=SALES, pace=Pace.COUNTER)
    for place, day in enumerate(days):
        number = f"S{life.code}{month:%y%m}{place:03}"
        yield _sale(draw, number, key=key, day=day, unit=life.traits.outlet, ware=draw.pick(wares))


def parcels(life: Life, month: date, season: Season, draw: Draw) -> Iterator[Item]:
    """Parcels that a registered customer posted at the counter."""
    days = season.days(life, month, draw, rate=PARCELS, pace=Pace.COUNTER)
    for place, day in enumerate(days, start=mail.COUNTER_ITEMS):
        service = draw.pick(mail.COUNTER_SERVICES)
        yield draw_item(
            draw, life, day=day, month=month, number=place, service=service, key=life.key(YY), agreement=False
        )


def express(life: Life, month: date, season: Season, draw: Draw) -> Iterator[tuple[Item, Sale]]:
    """Express items handed in at the counter: the item for the express platform, the fee for the counter."""
    key = life.key(EMS85) if EMS85 in life.systems else ""
    days = season.days(life, month, draw, rate=EXPRESS_ITEMS, pace=Pace.COUNTER)
    for place, day in enumerate(days[:99]):
        service = draw.pick((mail.EXPRESS, mail.EXPRESS, mail.EXPRESS_ABROAD))
        item = draw_item(
            draw, life, day=day, month=month, number=mail.COUNTER_EXPRESS + place, service=service, key=key,
            agreement=False,
        )  # fmt: skip
        yield (
            item,
            Sale(
                number=f"E{life.code}{month:%y%m}{place:03}",
                key=life.key(YY),
                day=day,
                time=item.time,
                unit=item.unit,
                ware=EXPRESS_AGENCY,
                nature=EXPRESS_AGENCY.nature,
                channel=COUNTER,
                quantity=1,
                amount=item.postage // EXPRESS_FEE_SHARE,
                item=item.number,
            ),
        )


def walk_ins(outlet: str, weight: float, month: date, draw: Draw) -> Iterator[Sale]:
    """What an outlet sold to people nobody knows; weight is its share against the average outlet."""
    table = month_table(month, Pace.COUNTER)
    number = min(WALK_INS_MOST, int(WALK_IN_SALES * weight * table.volume + draw.random()))
    for place, day in enumerate(sorted(draw.pick(table.days) for _ in range(number))):
        sale_number = f"W{outlet}{month:%y%m}{place:03}"
        yield _sale(draw, sale_number, key="", day=day, unit=outlet, ware=draw.pick(WALK_IN_WARES))


def _sale(draw: Draw, number: str, *, key: str, day: int, unit: str, ware: Ware) -> Sale:
    price = ware.low + ware.step * int(draw.random() * ((ware.high - ware.low) // ware.step + 1))
    quantity = 1 + int(draw.random() ** 2 * ware.pieces)
    nature, chance = ware.nature, draw.random()
    if chance < REFUND_RATE:
        nature, price = REFUND, -price
    return Sale(
        number=number,
        key=key,
        day=day,
        time=draw.pick(_TIMES),
        unit=unit,
        ware=ware,
        nature=nature,
        channel=COUNTER if chance < 0.9 else MOBILE if chance < 0.96 else SELF_SERVICE,
        quantity=quantity,
        amount=price * quantity,
        item="",
    )
