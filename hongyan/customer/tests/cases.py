"""Review cases for tests, as intake would leave them, and who works on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.core.parameters import Parameter
from hongyan.customer import custom
from hongyan.customer.models import Customer, ReviewCase, SourceParty
from hongyan.customer.projections import project
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, take
from hongyan.customer.tests.merging import walk_in

ALIKE: dict[str, Any] = {
    "band": "review",
    "score": 82,
    "rule": "close_name",
    "evidence": [
        {"code": "prior", "outcome": "start", "weight": -16.6, "veto": False, "params": []},
        {
            "code": "name",
            "outcome": "close",
            "weight": 4.9,
            "veto": False,
            "params": [["left", "王小明"], ["right", "王大明"]],
        },
        {"code": "phone", "outcome": "same", "weight": 14.2, "veto": False, "params": [["phone", "mobile"]]},
    ],
}  # fmt: skip
"""What intake keeps of two names that are close and one phone."""


def make_case(one: str, other: str, **given: Any) -> ReviewCase:
    """A case of two customers, by name; `score` and `evidence` as they are given."""
    with transaction.atomic(), scope.bulk():
        left, right = (Customer.objects.get(name=name) for name in (one, other))
        pair = {left.pk, right.pk}
        # what intake thought of the two itself gives way
        ReviewCase.objects.filter(customer__in=pair, candidate__in=pair).delete()
        case = ReviewCase.objects.create(
            customer=left,
            candidate=right,
            party=SourceParty.objects.filter(customer=left).order_by("id")[0],
            created_at=clock.now(),
            **{"score": 82, "evidence": ALIKE, **given},
        )
        project([left.pk, right.pk], replace=[left.pk, right.pk])
        return case


def make_pairs(count: int, *, first: int = 1, **given: Any) -> list[ReviewCase]:
    """Cases of walk-ins whose names are close, the one of zhang's outlet and the other of li's."""
    numbers = range(first, first + count)
    take(*(walk_in(f"甲小{chr(0x4E00 + n)}", f"A{n}", secrets={"mobile": f"138{n:08d}"}) for n in numbers))
    there: dict[str, Any] = {"unit": HUAIYIN_OUTLET, "manager": LI}
    take(
        *(
            walk_in(f"甲大{chr(0x4E00 + n)}", f"B{n}", secrets={"mobile": f"139{n:08d}"}, **there)
            for n in numbers
        )
    )
    return [make_case(f"甲小{chr(0x4E00 + n)}", f"甲大{chr(0x4E00 + n)}", **given) for n in numbers]


def state_of(case: ReviewCase) -> str:
    """How a case stands, whoever may see it."""
    with transaction.atomic(), scope.bulk():
        return ReviewCase.objects.get(pk=case.pk).state


def set_value(parameter: Parameter, value: Any) -> None:
    """A value of a parameter for the whole house, from the first day on."""
    with transaction.atomic():
        ParameterValue.objects.update_or_create(
            key=parameter.key,
            unit_id=None,
            line="",
            effective_from=date(2020, 1, 1),
            defaults={"value": value, "set_at": clock.now(), "set_by": "test"},
        )
    custom.forget()
