"""Who may ask for which post and end it, as pure decisions (BARS E 5)."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.org.codes import EXCLUSIVE_ROLES, Level, Right, Role, Viewer
from hongyan.org.rights import GRANTS, RIGHTS
from hongyan.org.rules.posts import Fault, Wanted, fault_anywhere, faults_of_ending, faults_of_grant


def maker(role: Role, *, level: Level = Level.CITY) -> Viewer:
    return Viewer(
        staff_id=1, staff_no="x", name="x", post_id=1, role=role, unit_id=1, unit_code="x", unit_name="x",
        level=level, tree=None, scope=scope.Scope(10, 20), line_codes=("01",), rights=RIGHTS[role],
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "wanted", "faults"),
    [
        (Role.CITY_ADMIN, Wanted(Role.MANAGER, 2, [], Level.OUTLET, 12), []),
        (Role.CITY_ADMIN, Wanted(Role.MANAGER, 1, [], Level.OUTLET, 12), [Fault.ONESELF]),
        (Role.CITY_ADMIN, Wanted(Role.MANAGER, 2, [], Level.OUTLET, 21), [Fault.SCOPE]),
        (Role.CITY_ADMIN, Wanted(Role.PROVINCE_ADMIN, 2, [], Level.CITY, 12), [Fault.ROLE, Fault.LEVEL]),
        (Role.CITY_ADMIN, Wanted(Role.MANAGER, 2, [], Level.OUTLET, 12, ["01", "03"]), [Fault.LINES]),
        (Role.SECURITY_ADMIN, Wanted(Role.MANAGER, 2, [], Level.OUTLET, 12, ["03"]), []),
        (Role.CITY_ADMIN, Wanted(Role.COUNTY_HEAD, 2, [], Level.OUTLET, 12), [Fault.LEVEL]),
        (Role.GROUP_ADMIN, Wanted(Role.AUDITOR, 2, [Role.SYSTEM_ADMIN], Level.CITY, 12), [Fault.EXCLUSIVE]),
        (Role.SYSTEM_ADMIN, Wanted(Role.SECURITY_ADMIN, 2, [], Level.CITY, 12), [Fault.ROLE]),
        (Role.SECURITY_ADMIN, Wanted(Role.SECURITY_ADMIN, 2, [], Level.CITY, 12), []),
        (Role.SECURITY_ADMIN, Wanted(Role.AUDITOR, 2, [], Level.CITY, 12), [Fault.ROLE]),
        (Role.MANAGER, Wanted(Role.MANAGER, 2, [], Level.OUTLET, 12), [Fault.ROLE]),
    ],
)
def test_what_speaks_against_a_grant(by: Role, wanted: Wanted, faults: list[Fault]) -> None:
    assert faults_of_grant(wanted, by=maker(by)) == faults


@pytest.mark.parametrize(
    ("by", "level", "role", "held", "fault"),
    [
        (Role.CITY_ADMIN, Level.CITY, Role.OUTLET_HEAD, [], None),
        (Role.CITY_ADMIN, Level.CITY, Role.PROVINCE_ADMIN, [], Fault.ROLE),
        (Role.PROVINCE_ADMIN, Level.CITY, Role.CITY_ADMIN, [], None),
        (Role.PROVINCE_ADMIN, Level.COUNTY, Role.CITY_ADMIN, [], Fault.LEVEL),
        (Role.GROUP_ADMIN, Level.GROUP, Role.AUDITOR, [Role.SYSTEM_ADMIN], Fault.EXCLUSIVE),
        (Role.GROUP_ADMIN, Level.GROUP, Role.SYSTEM_ADMIN, [Role.SYSTEM_ADMIN], None),
    ],
)
def test_what_speaks_against_a_role_wherever_it_is_asked_for(
    by: Role, level: Level, role: Role, held: list[Role], fault: Fault | None
) -> None:
    assert fault_anywhere(role, 2, held, by=maker(by, level=level)) == fault


@pytest.mark.parametrize("role", sorted(EXCLUSIVE_ROLES))
def test_none_of_the_three_requests_or_ends_another(role: Role) -> None:
    for other in EXCLUSIVE_ROLES - {role}:
        wanted = Wanted(other, 2, [], Level.CITY, 12)
        assert Fault.ROLE in faults_of_ending(wanted, by=maker(role))


def test_who_may_request_posts_carries_the_right_and_nobody_else() -> None:
    assert {role for role, rights in RIGHTS.items() if Right.POST_REQUEST in rights} == set(GRANTS)


def test_nobody_but_the_group_requests_a_role_of_their_own_rank() -> None:
    assert Role.CITY_ADMIN not in GRANTS[Role.CITY_ADMIN]
    assert Role.PROVINCE_ADMIN not in GRANTS[Role.PROVINCE_ADMIN]
    assert GRANTS[Role.GROUP_ADMIN] == set(Role)
