"""What the systems sell (产品): codes of their own, which the branch maps to its product table."""

from __future__ import annotations

from dataclasses import dataclass

from hongyan.integration.demo.draw import spread

SALE, FEE, PREMIUM, REFUND, IN, OUT = "S", "F", "P", "R", "I", "O"
"""Natures as truth names them; each system has its own codes."""


@dataclass(frozen=True, slots=True)
class Ware:
    """One thing sold: prices from low to high in steps, all in fen; most to be had at the counter in small numbers."""

    code: str
    name: str
    low: int
    high: int
    step: int
    pieces: int = 1
    nature: str = SALE


LETTER = Ware("1101", "平常信函", 120, 240, 120, 3)
REGISTERED_LETTER = Ware("1102", "挂号信函", 420, 1020, 120, 2)
BULK_LETTER = Ware("1105", "商业信函", 60, 80, 10, 900)
GREETING_CARD = Ware("1402", "贺年封片", 240, 540, 60, 60)
NEWSPAPER = Ware("1301", "报刊零售", 200, 3_000, 100, 2)
SUBSCRIPTION = Ware("1302", "报刊订阅", 9_600, 48_000, 1_200)
STAMPS = Ware("1401", "集邮品", 1_200, 60_000, 600, 4)
REMITTANCE = Ware("1501", "汇兑手续费", 200, 5_000, 100, 1, FEE)
AGENCY_FEE = Ware("1601", "代理缴费手续费", 50, 200, 10, 1, FEE)
EXPRESS_AGENCY = Ware("2101", "代办特快专递手续费", 0, 0, 1, 1, FEE)

PERSON_WARES = spread(
    {LETTER: 0.22, REGISTERED_LETTER: 0.16, STAMPS: 0.24, NEWSPAPER: 0.10, SUBSCRIPTION: 0.06, GREETING_CARD: 0.04,
     REMITTANCE: 0.08, AGENCY_FEE: 0.10}, slots=200,
)  # fmt: skip
ORGANISATION_WARES = spread(
    {REGISTERED_LETTER: 0.34, LETTER: 0.20, BULK_LETTER: 0.16, SUBSCRIPTION: 0.12, GREETING_CARD: 0.10, STAMPS: 0.08},
    slots=200,
)  # fmt: skip
WALK_IN_WARES = spread({LETTER: 0.45, REGISTERED_LETTER: 0.2, NEWSPAPER: 0.2, STAMPS: 0.15}, slots=200)
