"""Stewards, what stands of all customers, and a long walk of merges and splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import connection, transaction

from hongyan.core import scope
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.codes import Kind
from hongyan.customer.models import Customer
from hongyan.customer.queries.merges import preview_merge
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests.factory import (
    HUAIYIN_OUTLET,
    ID,
    LI,
    TESTER,
    Given,
    _post,
    make_organisation,
    take,
)
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Line, Role, Viewer

XU, HE = "xu", "he"
"""Staff numbers of the two stewards."""

WALK_IN: dict[str, Any] = {"kind": Kind.REGISTERED, "system": "yy"}
"""What makes a customer one whose merge takes one person."""


def make_stewards() -> None:
    """The organisation of the factory, with two stewards in the province and one in the county of 历下."""
    make_organisation()
    posts = ((XU, "徐管家", "3700"), (HE, "何管家", "3700"), ("ju", "居管家", "370102"))
    with scope.bulk():
        rows = [_post(row, *post, Role.STEWARD) for row, post in enumerate(posts, 2)]
        take_in_posts(rows, actor=TESTER)


def walk_in(name: str, key: str, **given: Any) -> Given:
    """A registered walk-in of the factory's outlet."""
    return Given(name, key, **{**WALK_IN, **given})


def customer(name: str) -> Customer:
    """The only customer of a name that is no alias."""
    with transaction.atomic(), scope.bulk():
        return Customer.objects.get(name=name, survivor=None)


STATE = {
    "party": "SELECT id, customer_id, home_id FROM customer_sourceparty",
    "relationship": "SELECT party_id, customer_id, line, kind, unit_id, manager_id FROM customer_relationship",
    "identifier": "SELECT record_id, kind, hash, customer_id FROM customer_identifier",
    "claim": "SELECT hash, customer_id, home_id FROM customer_strongkey",
    "link": "SELECT party_id, customer_id FROM customer_link WHERE until IS NULL",
    "owner": "SELECT id, customer_id, line, unit_id, manager_id, gives_way FROM customer_ownership WHERE until IS NULL",
    "pin": "SELECT customer_id, field, party_id FROM customer_goldenpin WHERE ended_at IS NULL",
    "scope": "SELECT customer_id, line, org_no FROM customer_customerscope",
    "token": "SELECT customer_id, org_no, token FROM customer_searchtoken",
    "golden": "SELECT id, code, party_type, status, merged_into_id, survivor_id, name, name_key, sort_key, short_name, "
    "gender, birth_date, credential_type, credential_masked, mobile_masked, landline_masked, email_masked, division, "
    "address, postcode, legal_person, industry, scale, lineage::text FROM customer_customer",
    "list": "SELECT customer_id, org_no, first_in_county, first_in_city, first_in_province, first_in_group, sort_key, "
    "code, name, kind, status, line_codes, system_codes, source_count, credential_masked, mobile_masked, unit_name, "
    "manager_id, manager_name, has_review, former_codes FROM customer_listrow",
}
"""What of each table is present state; the rest is history, which grows."""


def present_state() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that stands of all customers now, whoever may see it, in one order."""
    with transaction.atomic(), scope.bulk(), connection.cursor() as cursor:
        found = {}
        for name, statement in STATE.items():
            cursor.execute(f"SELECT * FROM ({statement}) rows ORDER BY rows::text")
            found[name] = [
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in cursor.fetchall()
            ]
        return found


def make_crowd() -> list[str]:
    """Seven walk-ins of two outlets in two lines, some with a credential or two systems; their codes."""
    make_stewards()
    take(
        walk_in(
            "王一", "1", secrets={"mobile": "13800000001"}, fields={"address": "山东省济南市历下区泉城路1号"}
        ),
        walk_in("李二", "2", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13800000002"}),
        walk_in("张三", "3", secrets={"credential_no": ID}, fields={"credential_type": "01"}),
        walk_in("赵四", "4", unit=HUAIYIN_OUTLET, manager="", secrets={"mobile": "13800000004"}),
        walk_in("周五", "5", line=Line.EXPRESS, unit="370102002", manager="", fields={"gender": "1"}),
        walk_in("吴六", "6", line=Line.EXPRESS, unit=HUAIYIN_OUTLET, manager=LI, fields={"gender": "2"}),
        walk_in("郑七", "7", secrets={"email": "zheng@example.com"}),
    )
    take(walk_in("张三", "3b", system="jiyou", line=Line.EXPRESS, secrets={"credential_no": ID},
                 fields={"credential_type": "01"}))  # fmt: skip
    with transaction.atomic(), scope.bulk():
        return list(Customer.objects.order_by("id").values_list("code", flat=True))


@dataclass
class Walk:
    """Random merges and splits of a crowd, each step held against what stood the last time the same merges did.

    What stands is to depend on the merges in force and on nothing else: not on what was merged and split in between,
    nor in which order. So a state seen once under some merges must be the state whenever just those are in force.
    """

    viewer: Viewer
    chance: Random
    codes: list[str]
    standing: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    seen: dict[tuple[tuple[str, str, str], ...], dict[str, Any]] = field(default_factory=dict)
    again: int = 0

    def step(self) -> None:
        """One merge or split, and the comparison."""
        roots = [
            code for code in self.codes if code not in {absorbed for _, absorbed, _ in self.standing.values()}
        ]
        if self.standing and (len(roots) < 2 or self.chance.random() < len(self.standing) / 4):
            latest, merges = max(self.standing), sorted(self.standing)
            self.part(latest if self.chance.random() < 0.5 else self.chance.choice(merges))
        else:
            survivor, absorbed = self.chance.sample(roots, 2)
            self.join(survivor, absorbed)
        self.compare()

    def join(self, survivor: str, absorbed: str) -> None:
        """Merge two, sometimes with the other owner and the other name."""
        seeing = preview_merge(self.viewer, survivor, absorbed)
        side = self.chance.choice(("survivor", "absorbed"))
        owners = {one.line: side for one in seeing.owners if one.survivor and one.absorbed}
        names = next(one for one in seeing.fields if one.name == "name").options
        fields = {"name": self.chance.choice(names).party_id} if self.chance.random() < 0.3 else {}
        choices = Choices(owners, fields)  # type: ignore[arg-type]
        row = merge(self.viewer, survivor, absorbed, reason="同一人", choices=choices)
        self.standing[row.pk] = (survivor, absorbed, f"{sorted(owners.items())}{fields}")

    def part(self, merge_id: int) -> None:
        """Split one that is in force, whatever was merged since."""
        split(self.viewer, merge_id, reason="不是一人")
        del self.standing[merge_id]

    def compare(self) -> None:
        """What stands now against what stood before under the same merges."""
        key, now = tuple(self.standing.values()), present_state()
        if key in self.seen:
            self.again += 1
            for name, rows in self.seen[key].items():
                assert now[name] == rows, f"{name} differs under {key}"
        self.seen[key] = now
