"""Columns that lists about customers share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from hongyan.ui import cells
from hongyan.ui.lists import Column


def who_columns() -> tuple[Column, Column]:
    """Whom a row is about, by name and code; for rows that have a `customer`."""
    return (
        Column(
            "name",
            gettext_lazy("名称"),
            lambda row: cells.named(row.customer.name, key=row.customer.code),
            phone_role="title",
        ),
        Column(
            "code",
            gettext_lazy("客户编码"),
            lambda row: cells.code(row.customer.code),
            width="m",
            phone_role="subtitle",
        ),
    )
