"""Noting elements of a person's identity that no system delivers (尽职调查要素). Source: PSB-i05."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.versions import mark
from hongyan.customer.codes import PartyType, Status
from hongyan.customer.models import Customer
from hongyan.customer.queries.records import find_customer
from hongyan.org.codes import Right, Viewer
from hongyan.quality.actions.score import score_now
from hongyan.quality.codes import Nationality, Occupation
from hongyan.quality.models import Diligence

FURTHEST = 60
"""No credential but one for life is valid for more years."""


def seen_of(note_id: int | None) -> str:
    """The mark of the note that a form showed."""
    return mark({"id": note_id})


def note_diligence(
    viewer: Viewer,
    code: str,
    *,
    nationality: str = "",
    occupation: str = "",
    credential_until: date | None = None,
    is_lifelong: bool = False,
    seen: str,
) -> Diligence:
    """Note what a person's papers say; it holds until somebody notes it anew, and the score follows at once.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict when somebody noted it meanwhile, or for a
    customer whose data are not used; Invalid for an organisation, an unknown code, nothing, or two validities.
    """
    if not viewer.may(Right.CUSTOMER_CORRECT):
        raise NotAllowed(Right.CUSTOMER_CORRECT)
    _check(nationality, occupation, credential_until, is_lifelong=is_lifelong)
    with transaction.atomic():
        customer = find_customer(viewer, code)
        Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk).first()
        if customer.party_type != PartyType.PERSON:
            raise Invalid({"": _("身份要素只登记个人客户的。")})
        if customer.status != Status.ACTIVE:
            raise Conflict("diligence", _("客户资料已冻结或注销，不能登记。"))
        before = _holding(customer)
        if seen != seen_of(before.pk if before else None):
            raise Conflict("diligence", _("刚刚有人登记过身份要素，请看过再改。"))
        told = Diligence.objects.create(
            customer=customer,
            nationality=nationality,
            occupation=occupation,
            credential_until=credential_until,
            is_lifelong=is_lifelong,
            maker_id=viewer.staff_id,
            made_at=clock.now(),
        )
        audit.record(
            viewer.actor, "quality.noted", "customer", customer.code,
            before=_facts(before) if before else None, after=_facts(told),
        )  # fmt: skip
        score_now([customer.pk])
    return told


def _holding(customer: Customer) -> Diligence | None:
    """The note that holds, under whichever code of the customer."""
    under = Q(customer=customer) | Q(customer__survivor=customer)
    with scope.bulk():
        return Diligence.objects.filter(under).order_by("-id").first()


def _facts(told: Diligence) -> dict[str, object]:
    return {
        "nationality": told.nationality,
        "occupation": told.occupation,
        "credential_until": told.credential_until,
        "is_lifelong": told.is_lifelong,
    }


def _check(nationality: str, occupation: str, credential_until: date | None, *, is_lifelong: bool) -> None:
    """Errors: Invalid."""
    problems = {}
    if nationality and nationality not in Nationality.values:
        problems["nationality"] = _("请选择")
    if occupation and occupation not in Occupation.values:
        problems["occupation"] = _("请选择")
    if credential_until and is_lifelong:
        problems["credential_until"] = _("长期有效的证件没有到期日")
    if credential_until and abs(credential_until.year - clock.business_date().year) > FURTHEST:
        problems["credential_until"] = _("请核对日期")
    if not (nationality or occupation or credential_until or is_lifelong):
        problems[""] = _("请至少填写一项")
    if problems:
        raise Invalid(problems)
