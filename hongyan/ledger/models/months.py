"""Monthly business facts (月度业务事实), kept by the statement that books the entries. Source: V36-i03.

Month, party, product and unit are the grain; divisions, organisations, customer codes, industry and manager are
joined when read, so that reorganisation and merges change nothing here.
"""

from __future__ import annotations

from django.db import models

from hongyan.customer.codes import Kind
from hongyan.customer.models import SourceParty
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models.facts import pointer
from hongyan.ledger.models.products import SourceProduct
from hongyan.org.codes import Line
from hongyan.org.models import Unit


class Measures(models.Model):
    """What is added up: items, pieces, grams, and money by the nature of the transaction."""

    items = models.BigIntegerField()
    quantity = models.BigIntegerField()
    weight_g = models.BigIntegerField()
    revenue = models.DecimalField(max_digits=18, decimal_places=2)
    inflow = models.DecimalField(max_digits=18, decimal_places=2)
    outflow = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        abstract = True


class MonthlyFact(Measures):
    """What a source party did in a month with a product at a unit; `month` is its first day.

    Party `codes.ANONYMOUS` holds what walk-ins nobody knows did. One partition a month.
    """

    pk = models.CompositePrimaryKey("party", "month", "product", "unit")
    party = pointer(SourceParty)
    month = models.DateField()
    product = pointer(SourceProduct)
    unit = pointer(Unit)


class UnitMonth(Measures):
    """The same per unit and kind of facts, all parties together: what the pages of units read."""

    pk = models.CompositePrimaryKey("unit", "month", "product", "kind")
    unit = pointer(Unit)
    month = models.DateField()
    product = pointer(SourceProduct)
    kind = models.CharField(max_length=12, choices=FactKind)

    class Meta:
        indexes = [
            models.Index(fields=["month"], name="unit_month"),
            models.Index(fields=["product", "month"], name="unit_month_product"),
        ]


class MonthGrain(Measures):
    """Monthly facts with everything reports ask for beside them (V36-i03): a view, joined anew at each reading.

    The walls of the joined tables hold: of a customer out of scope neither code nor relationship is told. Organisation
    numbers are those of the line's tree; `comparison_month` is where the period to compare with stands in this view.
    """

    pk = models.CompositePrimaryKey("party", "month", "product", "unit")
    party = pointer(SourceParty)
    month = models.DateField()
    comparison_month = models.DateField()
    product = pointer(SourceProduct)
    unit = pointer(Unit)
    line = models.CharField(max_length=2, choices=Line)
    family_code = models.CharField(max_length=8, null=True)
    product_code = models.CharField(max_length=12, null=True)
    division = models.CharField(max_length=6)
    province_no = models.BigIntegerField()
    city_no = models.BigIntegerField()
    county_no = models.BigIntegerField()
    org_no = models.BigIntegerField()
    customer_code = models.CharField(max_length=12, null=True)
    sub_code = models.CharField(max_length=60, null=True)
    kind = models.CharField(max_length=1, choices=Kind, null=True)
    industry = models.CharField(max_length=4, null=True)
    manager_no = models.CharField(max_length=20, null=True)

    class Meta:
        managed = False
        db_table = "ledger_monthgrain"
