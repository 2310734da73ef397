"""Accounts at the bank (账户): salaries, shopping, interest, deposits that mature, loans that are paid back.

Every balance is the opening balance plus the movements up to its day, to the fen. Account numbers begin with 0, which
no card or passbook does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts.files import compact_times
from hongyan.integration.demo.facts.lives import (
    CROSSES_TONIGHT,
    EVERYTHING,
    PSB,
    STAYS_BELOW,
    WITH_A_LOAN,
    Life,
)
from hongyan.integration.demo.facts.products import FEE, IN, OUT
from hongyan.integration.demo.facts.rhythm import Pace
from hongyan.integration.demo.facts.source import Season

CURRENT, DEPOSIT, LOAN = "A", "D", "L"
ASSETS, LIABILITIES = "A", "L"
MOVEMENTS = 1.7  # a month of the average customer
DEPOSIT_RATE, LOAN_RATE, SALARY_RATE = 0.40, 0.06, 0.40
FIRM_FACTOR = 12  # a firm moves so many times the money of a person
DEPOSIT_INTEREST, LOAN_INTEREST = 0.0155, 0.004  # a year; a month
INTEREST_MONTHS, INTEREST_DAY = (3, 6, 9, 12), 21
REPAYMENT_DAY, REPAYMENTS = 20, 36
TERM_DAYS = 365
SMALLEST = 10_00  # less is not drawn
THRESHOLD = 10_000_00
"""Yuan 10,000.00, at which a customer enters the system (PSB-008)."""
LAST_STEP = 500_00  # what the showcases receive on the day of the first load

_TIMES = compact_times(range(7, 22))
_CHANNELS = "1133344"


@dataclass(slots=True)
class Account:
    """One account; days are ordinals, 0 for never; balance is what stands on it, on a loan what is owed."""

    number: str
    kind: str
    product: str
    product_name: str
    opened: int
    principal: int
    balance: int
    matures: int = 0

    def closed(self, today: int) -> bool:
        """Deposits are closed when they mature."""
        return self.kind == DEPOSIT and self.matures <= today

    @property
    def side(self) -> str:
        return LIABILITIES if self.kind == LOAN else ASSETS


class Movement(NamedTuple):
    """Money in or out of an account, in fen, never negative."""

    number: str
    key: str
    account: str
    product: str
    day: int
    time: str
    unit: str
    nature: str
    channel: str
    amount: int
    note: str

    @property
    def counted(self) -> tuple[str, int, int]:
        return self.nature, self.amount, 1

    def corrected(self) -> Movement:
        """Money is right the first time; the wording was not."""
        return self._replace(note="更正摘要")


class Balance(NamedTuple):
    """What stands on an account at the end of a day."""

    key: str
    account: str
    day: int
    side: str
    amount: int

    @property
    def counted(self) -> tuple[str, int, int]:
        return self.side, self.amount, 0

    def corrected(self) -> Balance:
        """Stated once more."""
        return self


class Customer:
    """A bank customer while her months are told."""

    def __init__(self, life: Life, season: Season) -> None:
        self.life = life
        self.season = season
        self.accounts: list[Account] = []
        self.key = life.key(PSB)
        start = season.all_months[0]
        self._factor = 1 if self.life.traits.person else FIRM_FACTOR
        self._quiet = self.life.traits.showcase in (CROSSES_TONIGHT, STAYS_BELOW, WITH_A_LOAN)
        draw = self.life.draw("accounts", start)
        self._salary = (
            draw.between(35, 120) * 100_00 if self.life.traits.person and draw.chance(SALARY_RATE) else 0
        )
        self._payday = draw.pick((10, 15))
        self._open(draw, start.toordinal())

    @property
    def current(self) -> Account:
        return self.accounts[0]

    def opening(self) -> Iterator[Balance]:
        """What stood on the accounts on the evening before the first month."""
        eve = self.season.all_months[0].toordinal() - 1
        for account in self.accounts:
            if account.opened <= eve:
                yield self._balance(account, eve)

    def month(self, month: date, draw: Draw) -> Iterator[Movement | Balance]:
        """The movements of one month, and after each day the balances they left; months must come in order."""
        number = month.month % 2 * 5_000  # running numbers of neighbouring months never meet
        moved: dict[str, Account] = {}
        today = 0
        for day, account, nature, amount, note in sorted(self._moves(month, draw), key=_by_day):
            if day != today:
                yield from (self._balance(touched, today) for touched in moved.values())
                moved, today = {}, day
            amount = self._settle(account, nature, amount)
            if amount <= 0:
                continue
            moved[account.number] = account
            number += 1
            yield Movement(
                number=f"{self.life.code}{number:04}",
                key=self.key,
                account=account.number,
                product=account.product,
                day=day,
                time=draw.pick(_TIMES),
                unit=self.life.traits.bank_unit,
                nature=nature,
                channel=draw.pick(_CHANNELS),
                amount=amount,
                note=note,
            )
        yield from (self._balance(touched, today) for touched in moved.values())

    def _settle(self, account: Account, nature: str, amount: int) -> int:
        """Book an amount on its account; what was really moved, as nobody draws more than there is."""
        if account.kind == LOAN:
            amount = min(amount, account.balance)
            account.balance -= amount
        elif nature == IN:
            account.balance += amount
        else:
            amount = min(amount, account.balance)
            account.balance -= amount
        return amount

    def _moves(self, month: date, draw: Draw) -> Iterator[tuple[int, Account, str, int, str]]:
        """(day, account, nature, fen, note) of a month, in no order."""
        first, current = month.toordinal() - 1, self.current
        if self._quiet:
            yield from self._last_step(month)
            return
        for day in self.season.days(self.life, month, draw, rate=MOVEMENTS, pace=Pace.BANK):
            if draw.chance(0.42):
                amount = self._factor * (100_00 + int(draw.random() ** 3 * 8_000_00))
                yield day, current, IN, amount, draw.pick(("转账存入", "现金存入", "他行汇入"))
            else:
                amount = SMALLEST + int(draw.random() ** 2 * self._factor * 3_000_00)
                yield day, current, OUT, amount, draw.pick(("消费", "取现", "转账支出", "生活缴费"))
        if self._salary:
            yield first + self._payday, current, IN, self._salary, "代发工资"
        if month.month in INTEREST_MONTHS:
            yield first + INTEREST_DAY, current, IN, current.balance // 8_000, "结息"
        for account in self.accounts[1:]:
            yield from self._of_term(account, month)

    def _of_term(self, account: Account, month: date) -> Iterator[tuple[int, Account, str, int, str]]:
        """A deposit matures onto the current account; a loan is paid back from it."""
        first = month.toordinal() - 1
        if account.kind == LOAN:
            if account.balance:
                part = account.principal // REPAYMENTS
                yield first + REPAYMENT_DAY, self.current, OUT, part, "归还贷款"
                yield (
                    first + REPAYMENT_DAY,
                    self.current,
                    FEE,
                    int(account.balance * LOAN_INTEREST),
                    "贷款利息",
                )
                yield first + REPAYMENT_DAY, account, OUT, part, "归还贷款"
        elif _month_of(account.matures) == month:
            interest = int(account.principal * DEPOSIT_INTEREST)
            yield account.matures, account, OUT, account.principal, "到期支取"
            yield account.matures, self.current, IN, account.principal + interest, "定期到期转存"

    def _last_step(self, month: date) -> Iterator[tuple[int, Account, str, int, str]]:
        if _month_of(self.season.first_load.toordinal()) == month:
            yield self.season.first_load.toordinal(), self.current, IN, LAST_STEP, "转账存入"

    def _balance(self, account: Account, day: int) -> Balance:
        return Balance(self.key, account.number, day, account.side, account.balance)

    # -- opening ---------------------------------------------------------------------------------

    def _open(self, draw: Draw, start: int) -> None:
        person = self.life.traits.person
        opening = self._factor * (300_00 + int(draw.random() ** 4 * 60_000_00))
        opening = _SHOWN.get(self.life.traits.showcase, opening)
        product = ("0101", "活期储蓄存款") if person else ("0102", "单位活期存款")
        self._add(CURRENT, *product, opened=start - draw.between(100, 3_000), amount=opening)
        if self.life.traits.showcase == EVERYTHING:
            self._deposit(principal=50_000_00, matures=self.season.first_load.toordinal() - 12)
        elif self.life.traits.showcase == WITH_A_LOAN:
            self._loan(4_000_00, opened=start - 90)
        elif not self._quiet:
            if draw.chance(DEPOSIT_RATE):
                self._deposit(
                    principal=self._factor * draw.between(1, 30) * 5_000_00,
                    matures=start + draw.between(1, 760),
                )
            if draw.chance(LOAN_RATE):
                self._loan(self._factor * draw.between(2, 40) * 5_000_00, opened=start - draw.between(1, 300))

    def _deposit(self, *, principal: int, matures: int) -> None:
        years = 1 if matures % 3 else 3
        product = ("0201", "整存整取一年") if years == 1 else ("0203", "整存整取三年")
        self._add(DEPOSIT, *product, opened=matures - years * TERM_DAYS, amount=principal, matures=matures)

    def _loan(self, principal: int, *, opened: int) -> None:
        matures = opened + 3 * TERM_DAYS
        self._add(LOAN, "0401", "小额贷款", opened=opened, amount=principal, matures=matures)

    def _add(
        self, kind: str, product: str, product_name: str, *, opened: int, amount: int, matures: int = 0
    ) -> None:
        number = f"00370000{self.life.code}{len(self.accounts) + 1:03}"
        self.accounts.append(Account(number, kind, product, product_name, opened, amount, amount, matures))


_SHOWN = {
    CROSSES_TONIGHT: THRESHOLD - LAST_STEP,
    STAYS_BELOW: THRESHOLD - LAST_STEP - 1,
    WITH_A_LOAN: 6_000_00 - LAST_STEP,
}


def _by_day(move: tuple[int, Account, str, int, str]) -> int:
    return move[0]


def _month_of(day: int) -> date:
    return date.fromordinal(day).replace(day=1)
