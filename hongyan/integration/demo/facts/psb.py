"""Drops of the bank's big-data platform (邮储大数据平台): lines of fixed width in GB18030, numbers with leading zeros.

The last line of each file is `TRL`, the rows in ten digits and a sum of eighteen: fen, or the last six digits of the
customer numbers for CUST.
"""

from __future__ import annotations

from pathlib import Path

from hongyan.integration.demo.clerk import Form
from hongyan.integration.demo.facts import bank, media
from hongyan.integration.demo.facts.bank import Account, Balance, Movement
from hongyan.integration.demo.facts.credentials import CredentialCodes, name_and_number
from hongyan.integration.demo.facts.files import Truth, compact
from hongyan.integration.demo.facts.handing import Handing
from hongyan.integration.demo.facts.lives import PSB, Life
from hongyan.integration.demo.facts.media import padded
from hongyan.integration.demo.facts.products import FEE, IN, OUT
from hongyan.integration.demo.facts.source import Season, Source, book_firmly, book_on_time

TRAILER = media.fixed(mark="TRL", rows_width=10, sum_width=18)
CREDENTIALS = CredentialCodes("10 12 16 15 60 61 62", unknown="99")
NATURES = {IN: "C", OUT: "D", FEE: "F"}
OPEN, CLOSED = "0", "2"
NEVER = " " * 8


class Psb(Source):
    """Keeps accounts; states every movement and the balance at the end of each day that had one."""

    code = PSB

    def __init__(self, out: Path, *, season: Season, truth: Truth) -> None:
        super().__init__(out, season=season, truth=truth)
        self._customers = self.rows_file("CUST", "PSB_CUST_{day}.dat", TRAILER)
        self._accounts = self.rows_file("ACCT", "PSB_ACCT_{day}.dat", TRAILER)
        self._movements = self.fact_file(
            "TXN", "PSB_TXN_{day}.dat", TRAILER, movement_line, target="transaction"
        )
        self._balances = self.fact_file("BAL", "PSB_BAL_{day}.dat", TRAILER, balance_line, target="balance")

    def register(self, life: Life, form: Form) -> None:
        key = life.key(PSB)
        self._customers.add(
            customer_line(life, form, key=key, day=self.season.today.toordinal()), int(key[-6:])
        )

    def business(self, life: Life) -> None:
        """All months are told from the first, since balances need them."""
        customer = bank.Customer(life, self.season)
        book = book_on_time if life.traits.showcase else book_firmly
        opening = life.draw("opening", self.season.all_months[0])
        for balance in customer.opening():
            book(self._balances, balance, opening)
        for month in self.season.all_months:
            draw = life.draw(PSB, month)
            for fact in customer.month(month, draw):
                book(self._movements if isinstance(fact, Movement) else self._balances, fact, draw)
        self._state_accounts(customer)

    def _state_accounts(self, customer: bank.Customer) -> None:
        """All accounts in the first load, later those that were closed today."""
        today = self.season.today.toordinal()
        for account in customer.accounts:
            if account.opened <= today and (not self.season.delivery or account.matures == today):
                line = account_line(
                    account, key=customer.key, unit=customer.life.traits.bank_unit, today=today
                )
                self._accounts.add(line, account.principal)


def customer_line(life: Life, form: Form, *, key: str, day: int) -> str:
    """A row of CUST."""
    name, number = name_and_number(form)
    return (
        f"{key}{'1' if form.person else '2'}{padded(name, 80)}{CREDENTIALS.of(form):2}{padded(number, 36)}"
        f"{padded(form.mobile, 22)}{padded(form.address, 120)}{padded(form.postcode, 6)}"
        f"{life.traits.bank_unit:12}{compact(day)}"
    )


def account_line(account: Account, *, key: str, unit: str, today: int) -> str:
    """A row of ACCT; its version is the day of its last change."""
    closed = account.closed(today)
    changed = account.matures if closed else account.opened
    return (
        f"{account.number}{key}{account.kind}{account.product}{padded(account.product_name, 20)}{unit:12}"
        f"{compact(account.opened)}{compact(account.matures) if account.matures else NEVER}"
        f"{compact(account.matures) if closed else NEVER}{account.principal:015}"
        f"{CLOSED if closed else OPEN}{compact(changed)}"
    )


def movement_line(movement: Movement, handing: Handing, _moved_from: int) -> str:
    """A row of TXN."""
    return (
        f"{movement.number}{movement.key}{movement.account}{compact(movement.day)}{movement.time}"
        f"{movement.unit:12}{movement.product}{NATURES[movement.nature]}{movement.channel}{movement.amount:015}"
        f"{padded(movement.note, 20)}{handing.version:03}"
    )


def balance_line(balance: Balance, handing: Handing, _moved_from: int) -> str:
    """A row of BAL."""
    return f"{balance.account}{balance.key}{compact(balance.day)}{balance.side}{balance.amount:015}{handing.version:03}"
