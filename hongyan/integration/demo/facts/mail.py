"""Mail items (邮件) and their way: counter parcels, express of agreement customers, small packets of online sellers.

Item numbers belong to nobody: domestic ones begin with 99, which no service uses, international ones (UPU S10) end
with QZ, a country code that ISO 3166 leaves to its users.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hongyan.integration.demo.divisions import counties
from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.facts.files import compact_times
from hongyan.integration.demo.facts.lives import Life

ACCEPTED, DISPATCHED, ARRIVED, ON_DELIVERY, DELIVERED, NOT_DELIVERED, RETURNED = "ABCDEFG"
"""What happens to an item, as truth names it; each system has its own codes."""

# Running numbers of a customer's items in a month, so that those of different systems never meet.
COUNTER_ITEMS, COUNTER_EXPRESS, EXPRESS_ITEMS, PACKETS = 0, 300, 400, 700
_MONTHS, _PER_MONTH = 32, 1_000
_S10_SERIALS = 10**8
_S10_SERVICES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_CHECKS = {10: 0, 11: 5}
_TIMES = compact_times(range(8, 19))
NOT_DELIVERED_RATE, RETURNED_RATE = 0.04, 0.008


@dataclass(frozen=True, slots=True)
class Service:
    """One way of sending. Fen for the first `first_g` grams and for each further 500 g; promised days at best."""

    code: str
    name: str
    first_g: int
    first: int
    further: int
    heaviest_g: int
    promise_days: int
    international: bool = False


PARCEL = Service("3101", "普通包裹", 1000, 800, 200, 15_000, 6)
PARCEL_EXPRESS = Service("3102", "快递包裹", 1000, 1000, 300, 10_000, 4)
EXPRESS = Service("11210", "标准快递", 500, 2000, 600, 5_000, 2)
EXPRESS_PARCEL = Service("11312", "快递包裹(协议)", 1000, 700, 250, 12_000, 4)
EXPRESS_COD = Service("11230", "代收货款", 1000, 1200, 300, 6_000, 3)
EXPRESS_ABROAD = Service("21210", "国际特快专递", 500, 18_000, 5_500, 8_000, 7, True)
PACKET = Service("41101", "国内小包", 500, 450, 150, 2_000, 5)
PACKET_REGISTERED = Service("41102", "国内小包(挂号)", 500, 650, 150, 2_000, 4)

COUNTER_SERVICES = spread({PARCEL: 0.5, PARCEL_EXPRESS: 0.5}, slots=10)
EXPRESS_SERVICES = spread(
    {EXPRESS: 0.55, EXPRESS_PARCEL: 0.27, EXPRESS_COD: 0.11, EXPRESS_ABROAD: 0.07}, slots=100
)
PACKET_SERVICES = spread({PACKET: 0.7, PACKET_REGISTERED: 0.3}, slots=10)


class Item(NamedTuple):
    """A mail item; amounts in fen, promised is an ordinal. contents: 1 papers 2 letters 3 goods 4 parcels (REF-i04)."""

    number: str
    key: str
    day: int
    time: str
    unit: str
    service: Service
    weight_g: int
    postage: int
    insured: int
    cod: int
    settlement: str
    contents: str
    collected: bool
    division: str
    promised: int

    @property
    def counted(self) -> tuple[str, int, int]:
        return "", self.postage, self.weight_g

    def corrected(self) -> Item:
        """Weighed again."""
        weight_g = self.weight_g + 100
        return self._replace(weight_g=weight_g, postage=postage(self.service, weight_g))


class Event(NamedTuple):
    """Something that happened to an item; unit is "" where it happened in another province."""

    number: str
    day: int
    time: str
    code: str
    unit: str
    division: str

    @property
    def counted(self) -> tuple[str, int, int]:
        return self.code, 0, 0

    def corrected(self) -> Event:
        """Happened somewhere else."""
        return self._replace(unit="")


def postage(service: Service, weight_g: int) -> int:
    """Fen for a weight.

    >>> [postage(EXPRESS, weight_g) for weight_g in (1, 500, 501)]
    [2000, 2000, 2600]
    """
    further = max(0, weight_g - service.first_g + 499) // 500
    return service.first + further * service.further


def draw_item(
    draw: Draw, life: Life, *, day: int, month: date, number: int, service: Service, key: str, agreement: bool
) -> Item:
    """An item of hers; number is a running one of the month, agreement customers pay monthly (L07)."""
    serial = (life.item_series * _MONTHS + (month.year * 12 + month.month) % _MONTHS) * _PER_MONTH + number
    weight_g = 50 + int(draw.random() ** 3 * service.heaviest_g)
    fee = postage(service, weight_g)
    extra = draw.random()
    county = draw.pick(counties())
    far = 0 if county.code[:4] == life.traits.outlet[:4] else 1
    goods = weight_g > 500
    return Item(
        number=s10_number(serial) if service.international else domestic_number(serial),
        key=key,
        day=day,
        time=draw.pick(_TIMES),
        unit=life.traits.outlet,
        service=service,
        weight_g=weight_g,
        postage=fee,
        insured=fee * 20 if extra < 0.06 else 0,
        cod=fee * 12 if service is EXPRESS_COD else 0,
        settlement="2" if agreement else "1",
        contents="3" if goods else "1" if extra < 0.5 else "2",
        collected=agreement and extra < 0.8,
        division="" if service.international else county.code,
        promised=day + service.promise_days + far,
    )


def journey(draw: Draw, item: Item) -> list[Event]:
    """What happened to an item from the counter to the door, one or two days a step."""
    number, day = item.number, item.day
    events = [
        Event(number, day, item.time, ACCEPTED, item.unit, item.unit[:6]),
        Event(number, day, "203000", DISPATCHED, item.unit, item.unit[:6]),
    ]
    day += 1 + int(draw.random() * (item.promised - item.day))
    events.append(Event(number, day, draw.pick(_NIGHT_TIMES), ARRIVED, "", item.division))
    events.append(Event(number, day, "083000", ON_DELIVERY, "", item.division))
    chance = draw.random()
    if chance < RETURNED_RATE:
        events.append(Event(number, day + 1, "173000", RETURNED, "", item.division))
        return events
    if chance < NOT_DELIVERED_RATE:
        events.append(Event(number, day, "113000", NOT_DELIVERED, "", item.division))
        day += 1
    events.append(Event(number, day, draw.pick(_DOOR_TIMES), DELIVERED, "", item.division))
    return events


def domestic_number(serial: int) -> str:
    """Thirteen digits.

    >>> domestic_number(123)
    '9900000000123'
    """
    return f"99{serial:011}"


def s10_number(serial: int) -> str:
    """Express from a country that does not exist; domestic form beyond 2.6 billion.

    >>> s10_number(47312482), s10_number(2_600_000_000)
    ('EA473124829QZ', '9902600000000')
    """
    service, body = divmod(serial, _S10_SERIALS)
    if service >= len(_S10_SERVICES):
        return domestic_number(serial)
    digits = f"{body:08}"
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, digits, strict=True)) % 11
    return f"E{_S10_SERVICES[service]}{digits}{_S10_CHECKS.get(rest, rest)}QZ"


_NIGHT_TIMES = compact_times(range(1, 7))
_DOOR_TIMES = compact_times(range(9, 18))
