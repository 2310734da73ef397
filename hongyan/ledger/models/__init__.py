"""Tables of the ledger.

ProductFamily ──< Product ──< SourceProduct     what was bought, and what each system calls it
Holding ──< HoldingVersion                      agreements, accounts, policies
Transaction · MailItem ┄< MailEvent · Balance   entries, never changed; one partition a month
FactMove                                        which days belong to one fact that moved
MonthlyFact · UnitMonth                         their sums, kept with them
BankIntake                                      who reached the bank's threshold, and when (PSB-008)
"""

from hongyan.ledger.models.facts import (
    FACT_MODELS,
    Balance,
    Entry,
    FactMove,
    MailEvent,
    MailItem,
    Transaction,
)
from hongyan.ledger.models.holdings import BankIntake, Holding, HoldingVersion
from hongyan.ledger.models.months import MonthGrain, MonthlyFact, UnitMonth
from hongyan.ledger.models.products import Product, ProductFamily, SourceProduct

__all__ = [
    "FACT_MODELS",
    "Balance",
    "BankIntake",
    "Entry",
    "FactMove",
    "Holding",
    "HoldingVersion",
    "MailEvent",
    "MailItem",
    "MonthGrain",
    "MonthlyFact",
    "Product",
    "ProductFamily",
    "SourceProduct",
    "Transaction",
    "UnitMonth",
]
