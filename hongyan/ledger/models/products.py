"""Products, their families, and what each source calls them (产品、产品族、来源产品编码). Source: REF-i04."""

from __future__ import annotations

from django.db import models

from hongyan.ledger.codes import BaseProduct, Contents, RiskLevel
from hongyan.org.codes import Line


class ProductFamily(models.Model):
    """A family of products inside a line (产品族): what pages group by."""

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    line = models.CharField(max_length=2, choices=Line)
    sort = models.SmallIntegerField()

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A product as the house knows it (产品). `base` and `contents` are of postal products only."""

    code = models.CharField(max_length=12, unique=True)
    family = models.ForeignKey(ProductFamily, models.PROTECT, related_name="products")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    base = models.CharField(max_length=1, choices=BaseProduct, blank=True)
    contents = models.CharField(max_length=1, choices=Contents, blank=True)
    is_revenue = models.BooleanField(default=True)
    credit_allowed = models.BooleanField(default=False)
    risk_level = models.CharField(max_length=2, choices=RiskLevel, blank=True)
    on_sale_from = models.DateField(null=True)
    on_sale_to = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class SourceProduct(models.Model):
    """A product code of one source system (来源产品编码), opened by the first fact that bears it.

    `product` is the house's product it means, of the same line; None is not classified yet (未归类). Facts point here,
    so classifying anew changes no fact. `line` is that of the system.
    """

    id = models.AutoField(primary_key=True)
    system = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100, blank=True)
    line = models.CharField(max_length=2, choices=Line)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="sources")
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="source_product_once")]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"
