"""A small organisation with named people, for the tests of every room.

Group H; province 37 with the cities 3701 (counties 370102 Lixia, 370103 Shizhong) and 3702; two outlets in each
county. `zhang` heads the outlet L1 in Lixia, `li` the outlet S1 in Shizhong, the next county; `wang` audits the
province, `chen` the group; `zhao` runs the system for the group, `sun` for the province;
`bao` and `qin` let people in, likewise. Everybody's password is
`PASSWORD`.
"""

from __future__ import annotations

from functools import cache

from django.contrib.auth.hashers import make_password

from hongyan.core import clock
from hongyan.core.audit import SYSTEM
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, Line, Management, PostRow, Role, Tree, UnitRow
from hongyan.org.models import Staff

PASSWORD = "wild-goose-37"

_UNITS = (
    ("H", "中国邮政集团", Level.GROUP, ""),
    ("37", "山东省分公司", Level.PROVINCE, "H"),
    ("3701", "济南市分公司", Level.CITY, "37"),
    ("3702", "青岛市分公司", Level.CITY, "37"),
    ("370102", "历下区分公司", Level.COUNTY, "3701"),
    ("370103", "市中区分公司", Level.COUNTY, "3701"),
    ("L1", "泉城路支局", Level.OUTLET, "370102"),
    ("L2", "文化东路支局", Level.OUTLET, "370102"),
    ("S1", "经四路支局", Level.OUTLET, "370103"),
    ("S2", "英雄山支局", Level.OUTLET, "370103"),
)

_POSTS = (
    ("zhang", "张伟", "L1", Role.OUTLET_HEAD),
    ("li", "李娜", "S1", Role.OUTLET_HEAD),
    ("wang", "王审", "37", Role.AUDITOR),
    ("chen", "陈审", "H", Role.AUDITOR),
    ("zhao", "赵系统", "H", Role.SYSTEM_ADMIN),
    ("sun", "孙系统", "37", Role.SYSTEM_ADMIN),
    ("bao", "鲍安全", "H", Role.SECURITY_ADMIN),
    ("qin", "秦安全", "37", Role.SECURITY_ADMIN),
)


def unit_row(
    code: str,
    name: str,
    level: Level,
    parent: str,
    *,
    row: int = 1,
    tree: Tree = Tree.POSTAL,
    **changes: object,
) -> UnitRow:
    """A sound row of a unit, with whatever differs."""
    facts: dict[str, object] = {
        "row": row, "code": code, "name": name, "short_name": name, "level": level, "parent_code": parent,
        "tree": tree, "management": Management.SELF_RUN, "is_operating": True, "division": "370102",
        "postcode": "250000", "valid_from": "2001-01-01", "valid_to": None,
    }  # fmt: skip
    return UnitRow(**{**facts, **changes})  # type: ignore[arg-type]


def post_row(
    staff_no: str,
    name: str,
    unit: str,
    role: Role,
    *,
    row: int = 1,
    tree: Tree = Tree.POSTAL,
    **changes: object,
) -> PostRow:
    """A sound row of a primary post, with whatever differs."""
    facts: dict[str, object] = {
        "row": row, "staff_no": staff_no, "name": name, "gender": "1", "mobile": "13812345678",
        "email": f"{staff_no}@example.com", "unit_code": unit, "tree": tree, "role": role,
        "line_codes": (Line.MAIL,), "is_primary": True, "valid_from": "2001-01-01", "valid_to": None,
    }  # fmt: skip
    return PostRow(**{**facts, **changes})  # type: ignore[arg-type]


UNIT_ROWS = [unit_row(*unit, row=number) for number, unit in enumerate(_UNITS, start=2)]
POST_ROWS = [post_row(*post, row=number) for number, post in enumerate(_POSTS, start=2)]


def small_organisation() -> None:
    """Store the organisation described above."""
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    take_in_posts(POST_ROWS, actor=SYSTEM)
    Staff.objects.update(password=_password_hash(), password_set_at=clock.now())


@cache
def _password_hash() -> str:
    """Made once: a good hash is slow on purpose."""
    return make_password(PASSWORD)
