"""The ledger's pages (业务台账), with the way to the file of a fact, which belongs to intake."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hongyan.customer.panels import RowLink
from hongyan.integration.models import Delivery
from hongyan.ledger import urls
from hongyan.org.codes import Right, Viewer


def find_row(viewer: Viewer, delivery_id: int, row: int) -> RowLink:
    """Where a fact came from: the delivery's number and the row in its file."""
    number = Delivery(id=delivery_id).number
    url = reverse("integration:delivery", args=[number]) if viewer.may(Right.INTAKE_READ) else ""
    return RowLink(_("{number} 第 {row} 行").format(number=number, row=row), url)


app_name = urls.app_name
urlpatterns = urls.addresses(find_row)
