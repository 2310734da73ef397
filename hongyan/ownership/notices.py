"""Messages about who looks after whom: to those who have customers more or less, and to their heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.customer.models import Assistant
from hongyan.desk.actions.notifications import notify
from hongyan.desk.notices import Family, declare, register
from hongyan.org.models import Place, Staff
from hongyan.ownership.codes import MANY, Outcome
from hongyan.ownership.models import Transfer
from hongyan.ownership.queries.people import heads_over

Changed = Mapping[str, Sequence[tuple[str, str]]]
"""Staff number → the (customer code, line) of each customer they have more, or less."""


def changed(transfer: Transfer, *, lost: Changed, won: Changed) -> None:
    """Tell whoever lost or won customers by an act; of an act on many, the heads of the unit too."""
    for kind, told in (("ownership.lost", lost), ("ownership.won", won)):
        for recipient, customers in told.items():
            params = {"number": transfer.number, "count": len(customers)}
            notify(recipient, kind, params, url=_where(customers))
    if transfer.act in MANY:
        for recipient in _heads(transfer):
            notify(recipient, "ownership.done", _counts(transfer), url=_page(transfer))


def overflowed(transfer: Transfer) -> None:
    """Tell managers whose cap was reached, and the heads of the outlets, whose pools took the rest (example 3)."""
    pooled = transfer.items.filter(outcome=Outcome.POOLED, is_alike=False)
    full = pooled.values_list("to_manager__staff_no", flat=True).distinct()
    numbers = Place.objects.filter(unit__in=pooled.values("before__unit")).values_list("lo", flat=True)
    recipients = {one for one in full if one} | {head for number in numbers for head in heads_over(number)}
    for recipient in sorted(recipients | set(_heads(transfer))):
        params = {"number": transfer.number, "count": transfer.pooled}
        notify(recipient, "ownership.overflow", params, url=f"{reverse('ownership:owners')}?keeper=outlet")


def risen(county_no: int, count: int) -> None:
    """Tell the heads of a county what rose to its pool."""
    for recipient in heads_over(county_no):
        notify(
            recipient, "ownership.risen", {"count": count}, url=f"{reverse('ownership:owners')}?keeper=county"
        )


def assisting(row: Assistant, code: str, *, main: Staff | None) -> None:
    """Tell whoever is to assist, and the main manager, whose customer it is and from when."""
    params = {"code": code, "day": str(row.since), "who": row.staff.staff_no}
    url = reverse("customer:record_tab", args=[code, "ownership"])
    notify(row.staff.staff_no, "ownership.assisting", params, url=url)
    if main and main.staff_no != row.by:
        notify(main.staff_no, "ownership.assistant", params, url=url)


def assisted(row: Assistant, code: str, *, by: str) -> None:
    """Tell whoever assisted that it ended, where somebody else ended it."""
    if row.staff.staff_no != by:
        notify(row.staff.staff_no, "ownership.assist_ended", {"code": code}, url=_mine())


def shared(recipient: str, code: str, *, until: date, by: str) -> None:
    """Tell a colleague that they may look at a customer, and until when."""
    params = {"code": code, "until": str(until), "who": by}
    notify(recipient, "ownership.shared", params, url=reverse("customer:record", args=[code]))


def share_ended(recipient: str, code: str) -> None:
    """Tell a colleague that what was shared with them was taken back."""
    notify(recipient, "ownership.share_ended", {"code": code}, url=reverse("ownership:shared"))


def undone(transfer: Transfer) -> None:
    """Tell everybody who heard of an act that it was undone."""
    items = transfer.items.filter(outcome=Outcome.RESTORED, is_alike=False)
    people = items.values_list("before__manager__staff_no", "to_manager__staff_no").distinct()
    recipients = {one for pair in people for one in pair if one} | set(_heads(transfer))
    for recipient in sorted(recipients):
        params = {"number": transfer.number, "count": transfer.restored}
        notify(recipient, "ownership.undone", params, url=_mine())


def _heads(transfer: Transfer) -> list[str]:
    return heads_over(transfer.org_no)


def _counts(transfer: Transfer) -> dict[str, object]:
    return {"number": transfer.number, "count": transfer.moved, "pooled": transfer.pooled}


def _page(transfer: Transfer) -> str:
    return reverse("ownership:transfer", args=[transfer.pk])


def _where(customers: Sequence[tuple[str, str]]) -> str:
    """The customer's own page where there is one only, else one's own customers."""
    if len(customers) == 1:
        return reverse("customer:record_tab", args=[customers[0][0], "ownership"])
    return _mine()


def _mine() -> str:
    return f"{reverse('ownership:owners')}?keeper=mine"


OWNERSHIP = declare(Family("ownership", pgettext_lazy("通知", "管户变动")))

register(
    "ownership.lost",
    lambda params: _("您有 {count} 户客户改由他人管户（{number}）").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.won", lambda params: _("您新增管户 {count} 户（{number}）").format(**params), family=OWNERSHIP
)
register(
    "ownership.done",
    lambda params: _("管户变动 {number} 已办理：变更 {count} 户，超上限入池 {pooled} 户").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.overflow",
    lambda params: _("客户经理已到管户上限，{count} 户转入网点待分配池（{number}）").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.undone",
    lambda params: _("管户变动 {number} 已撤销，恢复 {count} 户").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.risen",
    lambda params: _("{count} 户在网点待分配池久无人管户，已转入县级待分配池").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.assisting", lambda params: _("您自 {day} 起协办客户 {code}").format(**params), family=OWNERSHIP
)
register(
    "ownership.assistant",
    lambda params: _("{who} 自 {day} 起协办您的客户 {code}").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.assist_ended", lambda params: _("您不再协办客户 {code}").format(**params), family=OWNERSHIP
)
register(
    "ownership.shared",
    lambda params: _("{who} 把客户 {code} 共享给您查看，至 {until}").format(**params),
    family=OWNERSHIP,
)
register(
    "ownership.share_ended",
    lambda params: _("客户 {code} 不再共享给您查看").format(**params),
    family=OWNERSHIP,
)
