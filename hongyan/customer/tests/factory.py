"""Named people and customers for tests: two counties of one city, a manager in each, and how to take customers in.

province 山东 → city 济南 → county 历下 → outlet 泉城路   where zhang is manager
                          → county 槐荫 → outlet 经十路   where li is manager, who must see nothing of zhang's
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.audit import Actor
from hongyan.core.models import ParameterValue
from hongyan.customer.actions.take_in import take_in
from hongyan.customer.codes import Kind, PartyRecord, PartyType, Purpose, TakenIn
from hongyan.customer.parameters import NEW_AT_ONCE
from hongyan.org import sessions
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, Line, Management, PostRow, Role, Tree, UnitRow, Viewer
from hongyan.org.models import Staff
from hongyan.org.queries.viewers import find_viewer

TESTER = Actor("system:test")
ZHANG, LI, WANG, SUN, HEAD = "zhang", "li", "wang", "sun", "head"
"""Staff numbers: managers of the two outlets, head of 历下 county, admins of province and group."""

LIXIA_OUTLET, HUAIYIN_OUTLET = "370102001", "370104001"

ID = "11010519491231002X"
PHONE, OTHER_PHONE, CONTACT_PHONE = "13812345678", "13912340000", "13700001234"
USCC = "91110000600037341L"
ADDRESS = "山东省济南市历下区泉城路12号3单元401"
SECRETS = (ID, PHONE, OTHER_PHONE, CONTACT_PHONE, USCC, "3单元401", "office@dingsheng.cn")
"""What no page and no answer of the API may ever hold in full."""

_UNITS = (
    ("1000", "中国邮政集团", Level.GROUP, ""),
    ("3700", "山东省分公司", Level.PROVINCE, "1000"),
    ("3701", "济南市分公司", Level.CITY, "3700"),
    ("370102", "历下县分公司", Level.COUNTY, "3701"),
    ("370104", "槐荫县分公司", Level.COUNTY, "3701"),
    (LIXIA_OUTLET, "泉城路支局", Level.OUTLET, "370102"),
    ("370102002", "文化路支局", Level.OUTLET, "370102"),
    (HUAIYIN_OUTLET, "经十路支局", Level.OUTLET, "370104"),
)
_POSTS = (
    (ZHANG, "张建国", LIXIA_OUTLET, Role.MANAGER),
    (LI, "李卫东", HUAIYIN_OUTLET, Role.MANAGER),
    (WANG, "王秀英", "370102", Role.COUNTY_HEAD),
    (SUN, "孙国强", "3700", Role.PROVINCE_ADMIN),
    (HEAD, "赵立新", "1000", Role.GROUP_ADMIN),
)


def make_organisation() -> None:
    """The units and people above, in a house where new customers take effect at once."""
    with scope.bulk():
        ParameterValue.objects.get_or_create(
            key=NEW_AT_ONCE.key,
            unit_id=None,
            line="",
            effective_from=date(2020, 1, 1),
            defaults={"value": True, "set_at": clock.now(), "set_by": "test"},
        )
        take_in_units([_unit(row, *unit) for row, unit in enumerate(_UNITS, 2)], actor=TESTER)
        take_in_posts([_post(row, *post) for row, post in enumerate(_POSTS, 2)], actor=TESTER)


def viewer(staff_no: str) -> Viewer:
    """One of the people, in their post."""
    return find_viewer(staff_no)


def staff(staff_no: str) -> Staff:
    """One of the people, as an account."""
    return Staff.objects.get(staff_no=staff_no)


def log_in(client: Client, staff_no: str) -> Client:
    """A browser in which somebody is logged in, in their main post."""
    client.force_login(staff(staff_no))
    session, now = client.session, clock.now().timestamp()
    session.update({sessions.POST: viewer(staff_no).post_id, sessions.SINCE: now, sessions.SEEN: now})
    session.save()
    return client


def state_purposes(client: Client, *codes: str) -> Client:
    """A browser whose session has said what it needs some customers for, as the page that asks would keep it."""
    session, until = client.session, clock.now().timestamp() + 3600
    session[sessions.PURPOSES] = dict.fromkeys(codes, (Purpose.SERVICE.value, until))
    session.save()
    return client


@dataclass
class Given:
    """A customer to take in: everything has a default, so that a test names only what it is about."""

    name: str
    key: str
    system: str = "kgc"
    party_type: PartyType = PartyType.PERSON
    kind: Kind = Kind.AGREEMENT_PERSON
    line: Line = Line.MAIL
    unit: str = LIXIA_OUTLET
    manager: str = ZHANG
    part: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)

    def record(self, row: int) -> PartyRecord:
        """As the record of one row of a file."""
        named = {"name": self.name} if not self.part else {}
        return PartyRecord(
            system=self.system,
            key=self.key,
            row=row,
            party_type=self.party_type,
            line=str(self.line),
            kind=self.kind,
            fields={**named, **self.fields},
            secrets=self.secrets,
            part=self.part,
            unit_code=self.unit,
            manager_no=self.manager,
        )


def take(*given: Given, delivery_id: int | None = 1) -> TakenIn:
    """Take customers in as one chunk of a file."""
    with transaction.atomic(), scope.bulk():
        return take_in(
            [one.record(row) for row, one in enumerate(given, 2)],
            decided_by="system:intake",
            delivery_id=delivery_id,
        )


def make_town() -> None:
    """王小明 known to two systems, 鼎盛 the company, both of zhang's outlet; 王小丽 of li's."""
    make_organisation()
    take(
        Given(
            "王小明",
            "K1",
            secrets={"mobile": PHONE, "credential_no": ID},
            fields={"address": ADDRESS, "agreement_no": "AG2026-001", "credential_type": "01"},
        ),
        Given(
            "济南市鼎盛食品有限公司",
            "K3",
            party_type=PartyType.ORGANISATION,
            kind=Kind.AGREEMENT_UNIT,
            secrets={"credential_no": USCC, "email": "office@dingsheng.cn"},
        ),
        Given("王小丽", "K4", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13987654321"}),
        Given(
            "", "K1", part="contact/1", fields={"contact_name": "周助理"}, secrets={"mobile": CONTACT_PHONE}
        ),
        Given("", "K1", part="address/1", fields={"address_kind": "寄件", "address": ADDRESS}),
    )
    take(
        Given(
            "王小明",
            "J1",
            system="jiyou",
            secrets={"mobile": OTHER_PHONE, "credential_no": ID},
            fields={"credential_type": "01"},
        ),
        delivery_id=2,
    )


def code_of(name: str) -> str:
    """The code of the only customer of a name, whoever may see it."""
    from hongyan.customer.models import Customer

    with transaction.atomic(), scope.bulk():
        return Customer.objects.get(name=name).code


def many(count: int, **same: Any) -> Sequence[Given]:
    """People with distinct names in the order of their pinyin."""
    letters = "艾白蔡邓方高韩江康林马倪欧潘秦任沈唐汪徐杨周"
    return [
        Given(f"{letters[n % len(letters)]}{chr(0x4E00 + n)}明", f"M{n:05d}", **same) for n in range(count)
    ]


def _unit(row: int, code: str, name: str, level: Level, parent: str) -> UnitRow:
    return UnitRow(
        row=row,
        code=code,
        name=name,
        short_name=name.replace("分公司", ""),
        level=level,
        parent_code=parent,
        tree=Tree.POSTAL,
        management=Management.SELF_RUN,
        is_operating=level == Level.OUTLET,
        division="",
        postcode="",
        valid_from=None,
        valid_to=None,
    )


def _post(row: int, staff_no: str, name: str, unit: str, role: Role) -> PostRow:
    return PostRow(
        row=row,
        staff_no=staff_no,
        name=name,
        gender="0",
        mobile="",
        email="",
        unit_code=unit,
        tree=Tree.POSTAL,
        role=role,
        line_codes=(Line.MAIL,),
        is_primary=True,
        valid_from=None,
        valid_to=None,
    )
