"""Messages about applications: to whoever made them, and to the other mailing line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.customer.models import Ownership
from hongyan.customer.rules.ownership import HEADS
from hongyan.desk.actions.notifications import notify
from hongyan.desk.notices import register
from hongyan.lifecycle.codes import MAILING, ApplicationKind
from hongyan.lifecycle.models import Application
from hongyan.org.codes import Line
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current


def tell_other_line(application: Application, customer_id: int) -> list[str]:
    """Let whoever looks after a customer in the other mailing line hear that this one wants an agreement (X-22).

    The manager, or the heads of the unit where there is none; they know the customer already. Who was told.
    """
    others = [line for line in MAILING if line != application.line]
    owners = Ownership.objects.filter(customer_id=customer_id, line__in=others, until=None, gives_way=False)
    told = []
    for owner in owners.select_related("customer", "manager"):
        people = [owner.manager.staff_no] if owner.manager else _heads_of(owner.unit_id)
        for staff_no in people:
            notify(
                staff_no,
                "lifecycle.other_line",
                {"number": application.number, "line": application.line, "code": owner.customer.code},
                url=reverse("customer:record", args=[owner.customer.code]),
            )
        told += people
    return told


def _heads_of(unit_id: int) -> list[str]:
    posts = Post.objects.filter(
        USABLE, is_current(clock.business_date()), place__unit_id=unit_id, role__in=HEADS
    )
    return sorted(set(posts.values_list("staff__staff_no", flat=True)))


def _words(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": params["number"], "kind": ApplicationKind(params["kind"]).label}


register(
    "lifecycle.other_line",
    lambda params: _(
        "您管户的客户 {code} 有{line}协议申请 {number} 待审批；有异议请尽快告知对方负责人"
    ).format(code=params["code"], number=params["number"], line=Line(params["line"]).label),
)
register("lifecycle.approved", lambda params: _("申请 {number}（{kind}）已通过").format(**_words(params)))
register("lifecycle.refused", lambda params: _("申请 {number}（{kind}）被退回").format(**_words(params)))
