"""What carries the organisation number, and can be calculated again (投影)."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from hongyan.customer.codes import Kind, PartyType, Status
from hongyan.customer.models.parties import Customer


class ListRow(models.Model):
    """Projection for lists: one row per customer and owning outlet, with what a list shows and sorts by.

    `first_in_*` tells the copies of one customer apart at each level: one of its rows stands for it in its county,
    city, province and in the group. So a list at any level is one range, one index and no duplicates. `former_codes`
    are the codes merged into this one, divided by spaces. Where only an assistant's unit sees it, it `is_assisting`.
    """

    pk = models.CompositePrimaryKey("customer_id", "org_no")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="list_rows", db_constraint=False, db_index=False
    )
    org_no = models.BigIntegerField()
    province_no = models.BigIntegerField()
    city_no = models.BigIntegerField()
    county_no = models.BigIntegerField()
    first_in_county = models.BooleanField()
    first_in_city = models.BooleanField()
    first_in_province = models.BooleanField()
    first_in_group = models.BooleanField()
    sort_key = models.CharField(max_length=120)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    party_type = models.CharField(max_length=1, choices=PartyType)
    kind = models.CharField(max_length=1, choices=Kind)
    status = models.CharField(max_length=12, choices=Status)
    line_codes = models.CharField(max_length=15)
    system_codes = models.CharField(max_length=120)
    source_count = models.SmallIntegerField()
    credential_masked = models.CharField(max_length=40, blank=True)
    mobile_masked = models.CharField(max_length=20, blank=True)
    division = models.CharField(max_length=6, blank=True)
    unit_name = models.CharField(max_length=60)
    manager_id = models.BigIntegerField(null=True)
    manager_name = models.CharField(max_length=60, blank=True)
    has_review = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    former_codes = models.TextField(blank=True, db_default="")
    is_assisting = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(fields=["org_no", "sort_key", "customer"], name="list_outlet"),
            models.Index(
                fields=["county_no", "sort_key", "customer"],
                condition=Q(first_in_county=True),
                name="list_county",
            ),
            models.Index(
                fields=["city_no", "sort_key", "customer"], condition=Q(first_in_city=True), name="list_city"
            ),
            models.Index(
                fields=["province_no", "sort_key", "customer"],
                condition=Q(first_in_province=True),
                name="list_province",
            ),
            models.Index(
                fields=["sort_key", "customer"], condition=Q(first_in_group=True), name="list_group"
            ),
            models.Index(
                fields=["manager_id", "sort_key", "customer"],
                condition=Q(manager_id__isnull=False),
                name="list_manager",
            ),
            models.Index(
                fields=["status", "sort_key", "customer"],
                condition=~Q(status=Status.ACTIVE),
                name="list_rare",
            ),
            BrinIndex(fields=["created_at"], pages_per_range=32, name="list_created"),
        ]


class SearchToken(models.Model):
    """Projection for search: one row a token and owning outlet. Tokens are bigrams, single characters, pinyin.

    The key is the search index: equality on the token, a range on the organisation number.
    """

    pk = models.CompositePrimaryKey("token", "org_no", "customer_id")
    token = models.CharField(max_length=40)
    org_no = models.BigIntegerField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_constraint=False)
