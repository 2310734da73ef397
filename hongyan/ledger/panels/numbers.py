"""What the search box offers for a number: items, transactions, agreements, accounts, policies (按号码查找)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hongyan.customer.panels import FoundNumber
from hongyan.ledger.codes import FactKind, HoldingKind
from hongyan.ledger.models import Holding
from hongyan.ledger.panels.facts import fact_url, numbers_url
from hongyan.ledger.panels.holdings import holding_anchor
from hongyan.ledger.queries.numbers import facts_numbered, holdings_numbered, looks_numbered
from hongyan.ledger.words import product_name
from hongyan.org.codes import Right, Viewer
from hongyan.ui.shell import Suggestion, SuggestionGroup

Text = str | Promise
SHOWN = 6
"""Rows of one sort that the search box shows; numbers are seldom used twice."""

_FACTS: Mapping[FactKind, tuple[Text, Text, str]] = {
    FactKind.MAIL_ITEM: (gettext_lazy("邮件号相符"), gettext_lazy("寄件客户"), "mail"),
    FactKind.TRANSACTION: (gettext_lazy("交易号相符"), gettext_lazy("交易客户"), "receipt"),
}


def find_number(viewer: Viewer, typed: str) -> FoundNumber:
    """Everything the viewer may see that bears a number: three queries, none for a text that cannot be one."""
    if not viewer.may(Right.LEDGER_READ) or not looks_numbered(typed):
        return FoundNumber()
    groups: list[SuggestionGroup] = []
    urls: list[str] = []
    for kind, (label, whose, icon) in _FACTS.items():
        facts = facts_numbered(viewer, kind, typed)[:SHOWN]
        items = [_fact(kind, fact, icon) for fact in facts]
        groups += [SuggestionGroup(label, items), SuggestionGroup(whose, _customers(facts))]
        urls += [items[0].url if len(items) == 1 else numbers_url(kind, typed)] if items else []
    held = [_holding(holding) for holding in holdings_numbered(viewer, typed)[:SHOWN]]
    groups.append(SuggestionGroup(gettext_lazy("协议、账户或保单号相符"), held))
    urls += [one.url for one in held]
    return FoundNumber([group for group in groups if group.items], urls[0] if len(urls) == 1 else "")


def _fact(kind: FactKind, fact: Any, icon: str) -> Suggestion:
    detail = f"{fact.business_date} · {product_name(fact.product)} · {fact.unit}"
    return Suggestion(fact.number, fact_url(kind, fact), detail, icon)


def _customers(facts: Iterable[Any]) -> Sequence[Suggestion]:
    """The customers of some facts whom the viewer may know, each once."""
    known = {fact.shown["code"]: fact.shown["name"] for fact in facts if fact.shown}
    return [Suggestion(name, _business_url(code), code) for code, name in known.items()]


def _holding(holding: Holding) -> Suggestion:
    shown = holding.shown  # type: ignore[attr-defined]  # annotated
    kind = HoldingKind(holding.kind).label if holding.kind else ""
    product = product_name(holding.source_product) if holding.source_product else ""
    detail = " · ".join(str(word) for word in (kind, product, holding.number_masked) if word)
    return Suggestion(shown["name"], f"{_business_url(shown['code'])}#{holding_anchor(holding)}", detail)


def _business_url(code: str) -> str:
    return reverse("customer:record_tab", args=[code, "business"])
