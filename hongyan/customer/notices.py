"""Who follows a customer hears when its owner or its status changes (关注)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.customer.codes import Status
from hongyan.customer.rules.code import code_for
from hongyan.desk.actions.follow import tell_followers
from hongyan.desk.notices import FOLLOWED, register


def tell_of_owners(customers: Collection[int], *, by: str) -> None:
    """The owners of some customers changed."""
    happened = {customer: {"code": code_for(customer)} for customer in customers}
    tell_followers(
        "customer", happened, notice="customer.owner_changed", urls=_urls(customers, "ownership"), by=by
    )


def tell_of_statuses(statuses: Mapping[int, str], *, by: str) -> None:
    """Some customers, by their ids, have another status now: frozen, closed, active again."""
    if not statuses:
        return
    happened = {
        customer: {"code": code_for(customer), "status": status} for customer, status in statuses.items()
    }
    tell_followers(
        "customer", happened, notice="customer.status_changed", urls=_urls(statuses, "history"), by=by
    )


def _urls(customers: Collection[int], tab: str) -> dict[int, str]:
    return {
        customer: reverse("customer:record_tab", args=[code_for(customer), tab]) for customer in customers
    }


register(
    "customer.owner_changed",
    lambda params: _("您关注的客户 {code} 的管户变了").format(**params),
    family=FOLLOWED,
)
register(
    "customer.status_changed",
    lambda params: _("您关注的客户 {code} 的状态变为“{status}”").format(
        code=params["code"], status=Status(params["status"]).label
    ),
    family=FOLLOWED,
)
