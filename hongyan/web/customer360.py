"""The customer's page (客户360): a plain list of the panels that capabilities lend, one line a panel."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.classes.panels import classes
from hongyan.classes.streams import MOVES
from hongyan.consent.panels import consent
from hongyan.consent.streams import CONSENTS, REQUESTS
from hongyan.customer import panels, urls
from hongyan.customer.panels import Panel, RowLink
from hongyan.customer.panels import streams as customer_streams
from hongyan.integration.codes import Connection
from hongyan.integration.models import Delivery
from hongyan.integration.panels import line_of
from hongyan.integration.queries.systems import connections
from hongyan.integration.words import short_name
from hongyan.ledger import streams as ledger_streams
from hongyan.ledger.panels import AbsentSystem, business, find_number
from hongyan.lifecycle.panels import life
from hongyan.lifecycle.streams import APPLICATIONS
from hongyan.org.codes import Right, Viewer
from hongyan.ownership.panels import owners
from hongyan.ownership.streams import OWNERS
from hongyan.quality.panels import quality


def find_row(viewer: Viewer, delivery_id: int, row: int) -> RowLink:
    """Where a source record came from: the delivery's number and the row in its file."""
    number = Delivery(id=delivery_id).number
    url = (
        f"{reverse('integration:records', args=[number])}?row={row}" if viewer.may(Right.INTAKE_READ) else ""
    )
    return RowLink(_("{number} 第 {row} 行").format(number=number, row=row), url)


def find_absent() -> list[AbsentSystem]:
    """The source systems that are not connected, and why. From memory."""
    return [
        AbsentSystem(short_name(one), connection.label, line_of(one))
        for one, connection in connections()
        if connection is not Connection.CONNECTED
    ]


STREAMS = (
    *customer_streams.STREAMS,
    *ledger_streams.STREAMS,
    OWNERS,
    APPLICATIONS,
    MOVES,
    CONSENTS,
    REQUESTS,
)
"""What the timeline is made of, in the order of its chips."""

PANELS = (
    Panel("basic", _("基本"), "customer/basic.html", panels.basic, is_for_guests=True),
    Panel(
        "timeline",
        pgettext_lazy("customer tab", "动态"),
        "customer/timeline.html",
        panels.activity(STREAMS),
        is_for_guests=True,
    ),
    Panel("business", _("业务"), "ledger/business.html", business(find_absent), is_whole=True),
    Panel("ownership", _("管户"), "ownership/customer.html", owners),
    Panel("files", pgettext_lazy("customer tab", "文件"), "customer/files.html", panels.files, is_whole=True),
    Panel(
        "contacts",
        pgettext_lazy("customer tab", "联系人"),
        "customer/contacts.html",
        panels.contacts,
        is_for_guests=True,
    ),
    Panel("relations", _("关系"), "customer/relations.html", panels.relations),
    Panel("classes", pgettext_lazy("customer tab", "分类"), "classes/customer.html", classes, is_whole=True),
    Panel("quality", pgettext_lazy("customer tab", "质量"), "quality/customer.html", quality, is_whole=True),
    Panel("consent", _("同意"), "consent/consent.html", consent, is_whole=True),
    Panel("applications", _("办理"), "lifecycle/life.html", life),
    Panel("sources", _("来源记录"), "customer/sources.html", panels.sources(find_row)),
    Panel("merges", _("归并"), "customer/merges.html", panels.what_was_merged),
    Panel("history", _("变更历史"), "customer/history.html", panels.what_happened, is_for_guests=True),
)

app_name = urls.app_name
urlpatterns = urls.addresses(PANELS, find_number, excluded="consent:excluded", prospect="lifecycle:prospect")
