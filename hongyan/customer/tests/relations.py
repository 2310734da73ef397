"""A family of three under one roof, organisations, and what relations stand of them."""

from __future__ import annotations

from typing import Any

from hongyan.core import scope
from hongyan.customer.actions.relate_all import relate_touched
from hongyan.customer.codes import PartyType
from hongyan.customer.models import Relation
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, LI, Given
from hongyan.customer.tests.merging import make_stewards, walk_in
from hongyan.identity.normalise.credentials import citizen_check, credit_code_check, organisation_check

HOME = "山东省济南市历下区泉城路12号幸福里3号楼1单元401"
FATHER, SON, MOTHER = "370102196110010011", "370102198703090017", "370102196305050024"


def code(body: str) -> str:
    """A valid unified social credit code around eight characters of an organisation code."""
    head = f"91370100{body}{organisation_check(body)}"
    return head + credit_code_check(head)


def card(head: str) -> str:
    """A valid number of seventeen digits and its check."""
    return head[:17] + citizen_check(head[:17])


def person(name: str, key: str, *, id_: str = "", mobile: str = "", address: str = "", **given: Any) -> Given:
    secrets = {"credential_no": card(id_)} if id_ else {}
    fields: dict[str, Any] = {"credential_type": "01"} if id_ else {}
    if mobile:
        secrets["mobile"] = mobile
    if address:
        fields["address"] = address
    return walk_in(name, key, secrets=secrets, fields={**fields, **given.pop("fields", {})}, **given)


def company(name: str, key: str, **given: Any) -> Given:
    return walk_in(name, key, party_type=PartyType.ORGANISATION, **given)


def make_family() -> None:
    """父 and 子 under one roof; 母 there too, but a customer of li's."""
    make_stewards()
    factory.take(
        person("孙建国", "1", id_=FATHER, mobile="13812345601", address=HOME),
        person("孙伟", "2", id_=SON, mobile="13812345602", address=HOME),
        person("周兰", "3", id_=MOTHER, mobile="13812345603", address=HOME, unit=HUAIYIN_OUTLET, manager=LI),
        person("吴六", "4", mobile="13812345604", address="山东省济南市历下区文化路99号"),
    )
    relate_touched()


def told() -> set[tuple[str, str, str, str, str]]:
    """(name, other name, type, role, state) of all that is in force, through the parties' customers."""
    with scope.bulk():
        rows = Relation.objects.filter(until=None).select_related("party__customer", "other_party__customer")
        return {
            (*sorted((row.party.customer.name, row.other_party.customer.name)), row.type, row.role, row.state)
            for row in rows
        }


def all_rows() -> list[tuple[Any, ...]]:
    with scope.bulk():
        return list(Relation.objects.order_by("id").values_list("id", "role", "state", "until", "evidence"))


def relation_between(one: str, other: str) -> Relation:
    with scope.bulk():
        return next(
            row
            for row in Relation.objects.filter(until=None).select_related(
                "party__customer", "other_party__customer"
            )
            if {row.party.customer.name, row.other_party.customer.name} == {one, other}
        )
