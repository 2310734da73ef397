"""The rows behind a figure of a customer (业务构成)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hongyan.customer.models import Customer
from hongyan.customer.queries.records import party_ids_of
from hongyan.ledger.codes import FactKind, Nature
from hongyan.ledger.currencies import YUAN, currency_of, in_currency
from hongyan.ledger.panels.facts import amount_label, amount_of, fact_url
from hongyan.ledger.panels.months import address_of, rows_url
from hongyan.ledger.queries.facts import LISTED, days_of_month, end_of, standing
from hongyan.ledger.queries.months import months_of, total
from hongyan.ledger.words import MEASURES, product_name, write_month
from hongyan.org.codes import Line, Viewer

Text = str | Promise
MOST_ROWS = 100
"""Rows of one kind that the page behind a figure shows; the list has the rest."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as a row."""

    day: date
    number: str
    url: str
    product: str
    unit: str
    amount: Decimal
    currency: str
    is_corrected: bool
    nature: Text = ""
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class FactRows:
    """The facts of one kind behind a figure; `more_url` is the list, where there are more than are shown."""

    kind: FactKind
    rows: Sequence[FactRow]
    more_url: str

    @property
    def title(self) -> Text:
        return self.kind.label

    @property
    def icon(self) -> str:
        return "receipt" if self.kind is FactKind.TRANSACTION else "mail"

    @property
    def has_nature(self) -> bool:
        return self.kind is FactKind.TRANSACTION

    @property
    def has_weight(self) -> bool:
        return self.kind is FactKind.MAIL_ITEM

    @property
    def amount_label(self) -> str:
        return amount_label(self.kind)

    @property
    def count(self) -> str:
        return f"{len(self.rows)}+" if self.more_url else str(len(self.rows))


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure of a customer is made of: the facts of a month in a line, and their sums."""

    name: str
    title: str
    as_of: date | None
    sums: Sequence[tuple[Text, SafeString]]
    parts: Sequence[FactRows]
    back_url: str
    now_url: str


def behind(
    viewer: Viewer, customer: Customer, month: date, line: str, as_of: date | None, currency: str = YUAN
) -> Behind:
    """The rows behind one month of one line of a customer the viewer may see, each number once. Four queries.

    The sums are those of the month, so they tell whether all rows are shown.
    """
    party_ids = party_ids_of(customer)
    before = end_of(as_of) if as_of else None
    figures = total(
        row
        for row in months_of(party_ids, known_before=before)
        if (row.month, row.line, row.currency) == (month, line, currency)
    )
    asked = {"month": write_month(month), "line": line} | ({"as_of": as_of.isoformat()} if as_of else {})
    asked |= address_of(currency)
    narrowed = Q(party_id__in=party_ids, product__line=line) & days_of_month(month) & in_currency(currency)
    parts = []
    for kind in LISTED:
        facts = standing(viewer, kind, narrowed, known_before=before).order_by("business_date", "number")
        rows = [_fact_row(kind, fact) for fact in facts[: MOST_ROWS + 1]]
        address = urlencode({"kind": kind.value, "customer": customer.code} | asked)
        more = f"{reverse('ledger:facts')}?{address}" if len(rows) > MOST_ROWS else ""
        if rows:
            parts.append(FactRows(kind, rows[:MOST_ROWS], more))
    code, day = customer.code, ({"as_of": as_of.isoformat()} if as_of else {}) | address_of(currency)
    measures = [one.counted_in(currency) for one in MEASURES.values()]
    return Behind(
        name=customer.name,
        title=_("{month} {line}业务").format(month=write_month(month), line=Line(line).label),
        as_of=as_of,
        sums=[
            (
                one.label,
                one.shown(figures) if one.is_money else format_html("{} {}", one.shown(figures), one.unit),
            )
            for one in measures
            if one.value_of(figures)
        ],
        parts=parts,
        back_url=f"{reverse('customer:record_tab', args=[code, 'business'])}?{urlencode(day)}",
        now_url=rows_url(code, None, currency)(month, line),
    )


def _fact_row(kind: FactKind, fact: Any) -> FactRow:
    is_sale = kind is FactKind.TRANSACTION
    return FactRow(
        day=fact.business_date,
        number=fact.number,
        url=fact_url(kind, fact),
        product=product_name(fact.product),
        unit=str(fact.unit),
        amount=amount_of(kind, fact),
        currency=currency_of(fact.system),
        is_corrected=fact.is_corrected,
        nature=Nature(fact.nature).label if is_sale else "",
        weight_g=0 if is_sale else fact.weight_g,
    )
