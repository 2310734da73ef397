"""Messages about deliveries: to whoever sent one, and to the data stewards when somebody has to look."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.desk.actions.notifications import notify
from hongyan.desk.notices import WAITING, Family, declare, register
from hongyan.integration.models import Delivery
from hongyan.integration.queries.reach import reach_of, signers
from hongyan.integration.reasons import sentence
from hongyan.org.codes import Role
from hongyan.org.models import Post, Staff
from hongyan.org.queries.viewers import USABLE, is_current


def waiting_for_signature(delivery: Delivery) -> None:
    """A checked delivery waits for a person: whoever may sign it hears of it."""
    who = signers(reach_of(delivery)).values_list("staff__staff_no", flat=True)
    _tell(delivery, "intake.waiting", {_sender(delivery), *who})


def refused(delivery: Delivery) -> None:
    """A delivery was refused as a whole."""
    _tell(delivery, "intake.refused", {_sender(delivery), *_stewards()})


def held_back(delivery: Delivery) -> None:
    """A delivery was loaded and its sums do not come out."""
    _tell(delivery, "intake.held_back", {_sender(delivery), *_stewards()})


def applied(delivery: Delivery) -> None:
    """A delivery was loaded; the stewards hear of it only when rows were left in quarantine."""
    _tell(delivery, "intake.applied", {_sender(delivery), *(_stewards() if delivery.quarantined else ())})


def _tell(delivery: Delivery, kind: str, recipients: Iterable[str]) -> None:
    params = {
        "number": delivery.number,
        "file": delivery.file_name,
        "accepted": delivery.accepted,
        "quarantined": delivery.quarantined,
        "refusal": delivery.refusal,
    }
    for recipient in sorted(filter(None, recipients)):
        notify(recipient, kind, params, url=_address(delivery))


def _sender(delivery: Delivery) -> str:
    """The staff number of whoever sent it; empty for a process."""
    known = Staff.objects.filter(staff_no=delivery.received_by).exists()
    return delivery.received_by if known else ""


def _stewards() -> list[str]:
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), role=Role.STEWARD)
    return list(posts.values_list("staff__staff_no", flat=True).distinct())


def _address(delivery: Delivery) -> str:
    try:
        return reverse("integration:delivery", args=[delivery.number])
    except NoReverseMatch:
        return ""


INTAKE = declare(Family("intake", pgettext_lazy("通知", "接入批次")))

register(
    "intake.waiting",
    lambda params: _("批次 {number}（{file}）已检查，隔离 {quarantined} 行，等待签收").format(**params),
    family=WAITING,
)
register(
    "intake.refused",
    lambda params: _("批次 {number}（{file}）整批拒收：{reason}").format(
        **params, reason=sentence(params["refusal"] or {"code": ""})
    ),
    family=INTAKE,
)
register(
    "intake.held_back",
    lambda params: _("批次 {number}（{file}）没有完成：{reason}").format(
        **params, reason=sentence(params["refusal"] or {"code": ""})
    ),
    family=INTAKE,
)
register(
    "intake.applied",
    lambda params: _("批次 {number}（{file}）已装载 {accepted} 行，隔离 {quarantined} 行").format(**params),
    family=INTAKE,
)
