"""Business by agreement: express of firms (速递85), small packets of online sellers (国内小包)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts import mail
from hongyan.integration.demo.facts.lives import EMS85, XBD, Life
from hongyan.integration.demo.facts.mail import Item, draw_item
from hongyan.integration.demo.facts.rhythm import Pace
from hongyan.integration.demo.facts.source import Season

EXPRESS_ITEMS, PACKETS = 1.5, 4.8  # a month of the average customer


def express_items(life: Life, month: date, season: Season, draw: Draw) -> Iterator[Item]:
    """Express items of an agreement customer in a month."""
    days = season.days(life, month, draw, rate=EXPRESS_ITEMS, pace=Pace.COUNTER)
    for number, day in enumerate(days, start=mail.EXPRESS_ITEMS):
        service = draw.pick(mail.EXPRESS_SERVICES)
        yield draw_item(
            draw,
            life,
            day=day,
            month=month,
            number=number,
            service=service,
            key=life.key(EMS85),
            agreement=True,
        )


def packets(life: Life, month: date, season: Season, draw: Draw) -> Iterator[Item]:
    """Small packets of an online seller in a month."""
    days = season.days(life, month, draw, rate=PACKETS, pace=Pace.ONLINE)
    for number, day in enumerate(days, start=mail.PACKETS):
        service = draw.pick(mail.PACKET_SERVICES)
        yield draw_item(
            draw,
            life,
            day=day,
            month=month,
            number=number,
            service=service,
            key=life.key(XBD),
            agreement=True,
        )
